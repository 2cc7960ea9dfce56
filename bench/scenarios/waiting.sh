# shellcheck shell=bash
# Callers who wait for jobs of 20 s.

job_s=20

scenario_waiting() {
	local name="$WAITERS callers waiting" per_job late memory met
	start_stand_in 0
	# Where pictures are queued more slowly than callers arrive, they pile up, and none shall be refused. This
	# many is what the memory bears besides those who wait: with 6,000, nothing but garbage was collected any more.
	start_service "$WAITING_MEMORY" "$newer_port" POLL_MAX_ATTEMPTS=60 \
		SPRING_APPLICATION_JSON='{"generation":{"submits-at-once":3200}}'
	complete waiting-warm-up 128 "$WARM_UP"
	start_stand_in $((job_s * 1000))
	wait_for_jobs waiting "$WAITERS" 10
	per_job=$(ratio "$(asked status)" "$(asked chat)" 2)
	late=n/a
	[ "$(lateness waiting)" = nobody ] || late=$(rounded "$(figures late_p99_ms "$work/waiting.load")" 0)
	memory=$(memory_mib VmHWM)
	served_row "$name" waiting "$WAITERS"
	# Questions that were never asked are no merit.
	met=NO
	[ "$(rounded "$(figures served "$work/waiting.load")" 0)" != "$WAITERS" ] || met=$(verdict "$per_job" '<=' 0.6)
	row "$name: status requests per job" "$per_job" '≤ 0.6' "$met" "$(asked status) requests for $(asked status_ids) questions about $(asked chat) jobs"
	row "$name: answered after the job's end" "p99 $late ms" '< interval + 300 ms = 1300 ms' "$(verdict "$late" '<' 1300)" "$(lateness waiting)"
	row "$name: resident at most" "$memory MiB" '< 600 MiB' "$(verdict "$memory" '<' 600)" "-XX:MaxRAM=$WAITING_MEMORY"
	stop_service
}

scenario_small() {
	start_stand_in $((job_s * 1000))
	if start_container; then
		wait_in_container
		stop_container
	else
		wait_without_container
	fi
}

wait_in_container() {
	local name='1000 callers waiting, container of 256 MiB' end memory
	wait_for_jobs small 1000 5
	end=$(container_end)
	memory=$(memory_mib VmHWM)
	served_row "$name" small 1000
	row "$name: afterwards" "$end" running "$([ "$end" = running ] && echo yes || echo NO)" "Docker; resident at most: $memory MiB"
	[ "$end" = running ] || docker logs --tail 3 "$container" 2>&1 | cut -c1-200 >&2
}

wait_without_container() {
	local name='1000 callers waiting, no container, -XX:MaxRAM=256m' memory
	start_service 256m "$newer_port" POLL_MAX_ATTEMPTS=60
	wait_for_jobs small 1000 5
	served_row "$name" small 1000
	memory=$(memory_mib VmHWM)
	row "$name: resident at most" "$memory MiB" '≤ 256 MiB' "$(verdict "$memory" '<=' 256)" 'no Docker engine was at hand: nothing would have been killed'
	stop_service
}

# wait_for_jobs <name> <callers> <seconds in which they arrive>
wait_for_jobs() {
	ARRIVE_MS=$(($3 * 1000)) load "$1" waiting "$2" $(($3 + job_s + 30)) "$(service_url /v1/chat/completions)" "$2"
}

# served_row <name> <load> <callers>
served_row() {
	local served errors
	served=$(figures served "$work/$2.load")
	errors=$(figures socket_errors "$work/$2.load")
	row "$1: served" "$(rounded "$served" 0)" "all" "$(verdict "$served" == "$3")" \
		"$(rounded "$(figures failed "$work/$2.load")" 0) not 200, $(rounded "$errors" 0) socket errors; late: $(lateness "$2")"
}

lateness() {
	[ "$(rounded "$(figures served "$work/$1.load")" 0)" != 0 ] || { echo nobody; return; }
	echo "p50 $(rounded "$(figures late_p50_ms "$work/$1.load")" 0) ms, at most $(rounded "$(figures late_p100_ms "$work/$1.load")" 0) ms"
}
