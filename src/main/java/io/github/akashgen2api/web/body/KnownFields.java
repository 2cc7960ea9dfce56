package io.github.akashgen2api.web.body;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the fields that are read of a request's JSON. All others are dropped before they
 * reach a parser, whatever they hold.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface KnownFields {

	/** The fields of the request itself. */
	String[] value();

	/** The fields of the objects within those. */
	String[] nested() default {};

}
