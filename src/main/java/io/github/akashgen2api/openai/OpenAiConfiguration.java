package io.github.akashgen2api.openai;

import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.type.LogicalType;

import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Speaks JSON with clients that get their headers wrong.
 */
@Configuration(proxyBeanMethods = false)
class OpenAiConfiguration implements WebMvcConfigurer {

	/** A number is no text: better refused than taken for a prompt. */
	@Bean
	JsonMapperBuilderCustomizer strictText() {
		return (json) -> json.withCoercionConfig(LogicalType.Textual,
				(text) -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
					.setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
					.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
	}

	@Bean
	FilterRegistrationBean<JsonBodies> jsonBodies() {
		FilterRegistrationBean<JsonBodies> registration = new FilterRegistrationBean<>(new JsonBodies());
		registration.addUrlPatterns("/v1/*");
		return registration;
	}

	/** Some ask for an event stream, or for a web page, and mean JSON all the same. */
	@Override
	public void configureContentNegotiation(ContentNegotiationConfigurer configurer) {
		configurer.ignoreAcceptHeader(true).defaultContentType(MediaType.APPLICATION_JSON);
	}

}
