package io.github.akashgen2api.polling;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.akashgen2api.akash.AkashGenClient;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The jobs that are followed now, each once however many wait for it. All are polled at a
 * common tick, so that one request asks for many; where that takes several requests, they
 * are spread over the interval. A new job is polled at once, with those that come at the
 * same time.
 * <p>
 * The tick is not one of Spring's scheduled tasks: those end before the web server has
 * let go of those who wait.
 */
@Component
class Followings implements AutoCloseable {

	private static final String STOPS = "The service stops";

	private final PollingProperties settings;

	private final StatusBatcher firstPolls;

	private final StatusBatcher polls;

	/** Of jobs that may have been made up; each is a question that counts. */
	private final StatusBatcher strangersPolls;

	private final Executor threads = Executors
		.newThreadPerTaskExecutor(Thread.ofVirtual().name("polling-", 0).factory());

	private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1,
			Thread.ofVirtual().name("polling-tick").factory(), new ThreadPoolExecutor.DiscardPolicy());

	/** In the order in which they came. */
	private final Map<JobId, Following> followings = new LinkedHashMap<>();

	/** Those whose first poll is still to come. */
	private final List<Following> newcomers = new ArrayList<>();

	@Autowired
	Followings(AkashGenClient akashGen, LookupLimiter lookups, PollingProperties settings) {
		this(akashGen::statusOf, akashGen::statusesOf, lookups, settings);
	}

	Followings(Function<JobId, JobStatus> alone, Function<List<JobId>, Map<JobId, JobStatus>> together,
			LookupLimiter lookups, PollingProperties settings) {
		this.settings = settings;
		this.firstPolls = new StatusBatcher("new jobs", alone, together, settings.batchPause(), this.threads);
		this.polls = new StatusBatcher("jobs that are followed", alone, together, settings.batchPause(), this.threads);
		this.strangersPolls = new StatusBatcher("jobs that may not be known",
				(id) -> lookups.asking(id, () -> alone.apply(id)), together, settings.batchPause(), this.threads);
		long interval = settings.interval().toNanos();
		var _ = this.clock.scheduleAtFixedRate(this::tick, interval, interval, TimeUnit.NANOSECONDS);
	}

	/**
	 * Wait for a job together with all others who do. One that is not followed yet is
	 * polled at once, or not at all where the service stops.
	 * @param isKnown whether AkashGen is sure to know the job
	 */
	Seat join(JobId id, boolean isKnown) {
		return join(id, isKnown, !isKnown);
	}

	/**
	 * The same for a job that AkashGen is sure to know, but that is not to be asked for
	 * together with others for the first time.
	 */
	Seat joinAlone(JobId id) {
		return join(id, true, true);
	}

	private synchronized Seat join(JobId id, boolean isKnown, boolean isAlone) {
		Following followed = this.followings.get(id);
		if (followed != null) {
			if (isKnown) {
				followed.followUntil(System.nanoTime() + this.settings.followFor().toNanos());
			}
			return followed.join();
		}
		Following newcomer = begin(id, isKnown);
		Seat seat = newcomer.join();
		if (this.clock.isShutdown()) {
			end(newcomer, STOPS);
		}
		else if (isAlone) {
			ask(this.firstPolls, List.of(newcomer));
		}
		else {
			welcome(newcomer);
		}
		return seat;
	}

	/** A job that is followed already. */
	synchronized Optional<Following> find(JobId id) {
		return Optional.ofNullable(this.followings.get(id));
	}

	/**
	 * What is due at a certain time; it goes on until the service is stopped for good.
	 */
	ScheduledExecutorService clock() {
		return this.clock;
	}

	private Following begin(JobId id, boolean isKnown) {
		long now = System.nanoTime();
		Following following = new Following(id, isKnown, this.settings.interval().toNanos() / 2, now,
				now + (isKnown ? this.settings.followFor().toNanos() : 0));
		this.followings.put(id, following);
		var _ = following.end().whenComplete((_, _) -> remove(following));
		return following;
	}

	private synchronized void remove(Following ended) {
		this.followings.remove(ended.id(), ended);
	}

	private void welcome(Following newcomer) {
		this.newcomers.add(newcomer);
		if (this.newcomers.size() >= this.settings.batchSize()) {
			greet();
		}
		else if (this.newcomers.size() == 1) {
			var _ = this.clock.schedule(this::greet, this.settings.company().toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	private synchronized void greet() {
		if (!this.newcomers.isEmpty()) {
			ask(this.firstPolls, List.copyOf(this.newcomers));
			this.newcomers.clear();
		}
	}

	private void tick() {
		long now = System.nanoTime();
		dropThoseWhoseTimeIsOver(now).forEach((following) -> end(following, "Image generation timed out"));
		List<List<Following>> batches = batches(takeThoseThatAreDue(now));
		for (int i = 0; i < batches.size(); i++) {
			List<Following> batch = batches.get(i);
			var _ = this.clock.schedule(() -> ask(this.polls, batch),
					this.settings.interval().toNanos() * i / batches.size(), TimeUnit.NANOSECONDS);
		}
	}

	private synchronized List<Following> dropThoseWhoseTimeIsOver(long now) {
		List<Following> over = this.followings.values().stream().filter((following) -> following.isOver(now)).toList();
		over.forEach(this::remove);
		return over;
	}

	private synchronized List<Following> takeThoseThatAreDue(long now) {
		return this.followings.values().stream().filter((following) -> following.take(now)).toList();
	}

	/**
	 * One that AkashGen may not know could spoil the answer for others, and goes alone.
	 */
	private List<List<Following>> batches(List<Following> due) {
		Map<Boolean, List<Following>> byDoubt = due.stream().collect(Collectors.partitioningBy(Following::isDoubtful));
		List<List<Following>> batches = new ArrayList<>();
		List<Following> certain = byDoubt.getOrDefault(false, List.of());
		for (int start = 0; start < certain.size(); start += this.settings.batchSize()) {
			batches.add(certain.subList(start, Math.min(certain.size(), start + this.settings.batchSize())));
		}
		byDoubt.getOrDefault(true, List.of()).forEach((doubtful) -> batches.add(List.of(doubtful)));
		return batches;
	}

	private void ask(StatusBatcher polls, List<Following> batch) {
		StatusBatcher suitable = (batch.size() == 1 && batch.getFirst().isStrangers()) ? this.strangersPolls : polls;
		this.threads.execute(() -> suitable.ask(batch));
	}

	@Override
	public void close() {
		this.clock.shutdownNow();
		all().forEach((following) -> end(following, STOPS));
	}

	private synchronized List<Following> all() {
		return List.copyOf(this.followings.values());
	}

	private static void end(Following following, String reason) {
		following.end(new PollingException.JobTimeout(following.id(), reason, null));
	}

}
