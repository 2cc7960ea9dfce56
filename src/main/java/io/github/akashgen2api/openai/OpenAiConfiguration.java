package io.github.akashgen2api.openai;

import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Answers in JSON.
 */
@Configuration(proxyBeanMethods = false)
class OpenAiConfiguration implements WebMvcConfigurer {

	/** Some ask for an event stream, or for a web page, and mean JSON all the same. */
	@Override
	public void configureContentNegotiation(ContentNegotiationConfigurer configurer) {
		configurer.ignoreAcceptHeader(true).defaultContentType(MediaType.APPLICATION_JSON);
	}

}
