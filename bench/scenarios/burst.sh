# shellcheck shell=bash
# 1,000 clients that wait, in 256 MB, and whose jobs all end within one second.

scenario_burst() {
	local name='1000 clients waiting, jobs ending within 1 s' run each
	start_stand_in 0
	# Versions with this setting queue fewer submits in 256 MB, and none shall be refused.
	start_subjects "${versions[@]}" -- 256m "$newer_port" POLL_MAX_ATTEMPTS=60 SUBMITS_AT_ONCE=1000 \
		SPRING_APPLICATION_JSON='{"generation":{"submits-at-once":1000}}'
	for each in "${versions[@]}"; do
		turn_to "$each"
		complete "burst-$each-warm-up" 128 "$WARM_UP"
	done
	for run in $(seq "$RUNS"); do
		for each in "${versions[@]}"; do
			turn_to "$each"
			jobs_take 0 1000 $(($(now_ms) + 15000))
			ARRIVE_MS=10000 load "burst-$each-$run" waiting 1000 60 "$(service_url /v1/chat/completions)" 1000
			jobs_take 0 0
			[ "$(rounded "$(figures served "$work/burst-$each-$run.load")" 0)" -gt 0 ] || die "the $each served nobody"
		done
	done
	turn_to service
	compared "$name: late, p50" late_p50_ms ' ms' 0 '' "$work/burst-@-[0-9]*.load"
	compared "$name: late, p99" late_p99_ms ' ms' 0 '' "$work/burst-@-[0-9]*.load" baseline '<=' 0.5
	for each in "${versions[@]}"; do
		failures_row "$(titled "$name" "$each")" "$work/burst-$each-"*.load
	done
}
