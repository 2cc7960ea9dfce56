package io.github.akashgen2api.settings;

import java.util.regex.Pattern;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Keeps prompts, keys and cookies out of the log at every level. Loggers of libraries
 * that print bodies, headers or arguments at {@code DEBUG} or {@code TRACE} print nothing
 * below {@code INFO}.
 */
final class SensitiveLoggers implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
				&& context.getTurboFilterList().stream().noneMatch(ContentFilter.class::isInstance)) {
			context.addTurboFilter(new ContentFilter());
		}
	}

	/** After the setup of the logging system, which removes all filters. */
	@Override
	public int getOrder() {
		return LoggingApplicationListener.DEFAULT_ORDER + 1;
	}

	private static final class ContentFilter extends TurboFilter {

		private static final Pattern LOGGERS = Pattern.compile("org\\.eclipse\\.jetty\\..*|org\\.apache\\.hc\\..*"
				+ "|org\\.springframework\\.(?:http|core\\.codec|web\\.(?:method|HttpLogging|servlet\\.mvc\\.method\\.annotation))(?:\\..*)?");

		@Override
		public FilterReply decide(@Nullable Marker marker, Logger logger, Level level, @Nullable String format,
				Object @Nullable [] params, @Nullable Throwable failure) {
			boolean isPrinted = level.isGreaterOrEqual(logger.getEffectiveLevel());
			return (isPrinted && !level.isGreaterOrEqual(Level.INFO) && LOGGERS.matcher(logger.getName()).matches())
					? FilterReply.DENY : FilterReply.NEUTRAL;
		}

	}

}
