package io.github.akashgen2api.web.body;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the fields of a request that are read. All others are dropped before the parser.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface KnownFields {

	/** The fields of the request itself. */
	String[] value();

	/** The fields of nested objects. */
	String[] nested() default {};

	/** The fields of the request whose objects may have any fields. */
	String[] open() default {};

	/**
	 * The fields of the request that hold images. An {@link ImageDigest} stands for each
	 * image, which is not held in memory. The request may be a form with files.
	 */
	String[] images() default {};

}
