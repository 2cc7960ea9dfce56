# shellcheck shell=bash
# How long an answer takes once the service is told that the job is done: from the stand-in's first such status answer to the last byte
# of the completion, for a single client. The time until that poll is not included.

scenario_latency() {
	measure_latency 1s
	measure_latency 100ms
}

# measure_latency <poll interval>
measure_latency() {
	local name="added latency, one client, polls each $1" run each
	start_stand_in 0
	start_subjects "${versions[@]}" yardstick -- "$MEMORY" "$newer_port" POLL_INTERVAL="$1" POLL_MAX_ATTEMPTS=60
	for each in "${versions[@]}" yardstick; do
		turn_to "$each"
		complete "latency-$1-$each-warm-up" 8 "$WARM_UP"
	done
	for run in $(seq "$RUNS"); do
		for each in "${versions[@]}" yardstick; do
			turn_to "$each"
			add_latencies "latency-$1-$each" "$run"
		done
	done
	for each in "${versions[@]}" yardstick; do
		sort -n "$work/latency-$1-$each" | awk '{ n[NR] = $1 }
			END { if (NR) print "p50_ms " n[int((NR + 1) / 2)] "\np99_ms " n[int((NR * 99 + 99) / 100)] }' >"$work/latency-$1-$each.figures"
	done
	turn_to service
	made_of="$(wc -l <"$work/latency-$1-service") completions" \
		compared "$name, p50" p50_ms ' ms' 1 yardstick "$work/latency-$1-@.figures" service '<=' 10
	made_of="at most $(sort -n "$work/latency-$1-service" | tail -1) ms" \
		compared "$name, p99" p99_ms ' ms' 1 yardstick "$work/latency-$1-@.figures" service '<=' 50
	failures_row "$name" "$work/latency-$1-service-"*.load
	stop_subjects
}

# add_latencies <name> <run>: a line for each completion. As there is one client, each belongs to the job that was done last before it.
add_latencies() {
	jobs_take 300 900
	complete "$1-$2" 1 "$LATENCY_SECONDS"
	curl -sf "http://127.0.0.1:$newer_port/__done" >"$work/done"
	sort -n -k1,1 <(sed 's/$/ done/' "$work/done") "$work/$1-$2.ends" \
		| awk 'NF == 2 { done = $1; next } done { printf "%.3f\n", $1 - done; done = 0 }' >>"$work/$1"
	jobs_take 0 0
}
