package io.github.akashgen2api.page;

import jakarta.servlet.ServletContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.stereotype.Component;

/**
 * Logs where the page is, as the last line of the start.
 */
@Component
class PageAddress implements ApplicationListener<ApplicationReadyEvent> {

	private static final Logger logger = LoggerFactory.getLogger(PageAddress.class);

	private final ServletContext servlets;

	PageAddress(ServletContext servlets) {
		this.servlets = servlets;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		logger.info("The page is at http://localhost:{}{}/",
				event.getApplicationContext().getEnvironment().getProperty("local.server.port"),
				this.servlets.getContextPath());
	}

}
