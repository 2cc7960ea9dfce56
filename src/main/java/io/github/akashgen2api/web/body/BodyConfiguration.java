package io.github.akashgen2api.web.body;

import io.github.akashgen2api.budget.ProcessorShare;
import io.github.akashgen2api.budget.TextBudget;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Configures how bodies are read.
 */
@Configuration(proxyBeanMethods = false)
class BodyConfiguration implements WebMvcConfigurer {

	private final ObjectProvider<JsonMapper> json;

	private final BodyLimiter limiter;

	private final ObjectProvider<TextBudget> texts;

	BodyConfiguration(ObjectProvider<JsonMapper> json, ObjectProvider<TextBudget> texts, ProcessorShare processors,
			BodyProperties settings) {
		this.limiter = new BodyLimiter(settings.limit(), processors);
		this.json = json;
		this.texts = texts;
	}

	/** Refuses a number where a string is expected, as it is hardly a prompt. */
	@Bean
	JsonMapperBuilderCustomizer strictText() {
		return (json) -> json.withCoercionConfig(LogicalType.Textual,
				(text) -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
					.setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
					.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(this.limiter).addPathPatterns("/v1/**");
		registry.addInterceptor(new ContentCoding()).addPathPatterns("/v1/**");
	}

	@Override
	public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
		JsonMapper json = this.json.getObject();
		TextBudget texts = this.texts.getObject();
		builder.withJsonConverter(new BoundedJsonConverter(json, this.limiter, texts));
		builder.addCustomConverter(new FormConverter(json, this.limiter, texts));
	}

}
