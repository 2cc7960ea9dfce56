package io.github.akashgen2api.openai;

import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;

import org.springframework.boot.jetty.JettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.format.FormatterRegistry;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Accepts URLs as OpenAI's clients write them, and answers in JSON.
 */
@Configuration(proxyBeanMethods = false)
class OpenAiConfiguration implements WebMvcConfigurer {

	/** SDKs encode the slash in a model's name as {@code %2F}. */
	@Bean
	JettyServerCustomizer encodedSlashes() {
		UriCompliance compliance = UriCompliance.DEFAULT.with("encoded",
				UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR, UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING);
		return (server) -> {
			for (Connector connector : server.getConnectors()) {
				connector.getConnectionFactory(HttpConnectionFactory.class)
					.getHttpConfiguration()
					.setUriCompliance(compliance);
			}
			server.getDescendants(ServletContextHandler.class)
				.forEach((context) -> context.getServletHandler().setDecodeAmbiguousURIs(true));
		};
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(new DeliveryInterceptor()).addPathPatterns("/v1/**");
	}

	/** Accepts {@code 1.0} for 1 in queries, as in bodies. */
	@Override
	public void addFormatters(FormatterRegistry registry) {
		registry.addConverter(String.class, Integer.class, OpenAiConfiguration::wholeNumber);
	}

	private static Integer wholeNumber(String text) {
		return Integer.valueOf(text.strip().replaceFirst("\\.0*$", ""));
	}

	/** Some clients send an {@code Accept} header without JSON, but expect JSON. */
	@Override
	public void configureContentNegotiation(ContentNegotiationConfigurer configurer) {
		configurer.ignoreAcceptHeader(true).defaultContentType(MediaType.APPLICATION_JSON);
	}

}
