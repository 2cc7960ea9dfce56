# shellcheck shell=bash
# How long a start takes, with the AOT cache and without, beside a bare application's; and what an idle service keeps resident.

scenario_start() {
	local memory each run
	start_stand_in 0
	for run in $(seq "$RUNS"); do
		for each in "${versions[@]}" bare; do
			turn_to "$each"
			time_start jvm.options >>"$work/start-$each"
		done
		turn_to service
		time_start without-aot.options >>"$work/start-without"
	done
	start_service "$MEMORY" "$newer_port"
	sleep 3
	memory=$(memory_mib VmRSS)
	compared 'start until /ping answers: processor time' start_cpu_s ' s' 2 bare "$work/start-@" bare '<=' 1.25
	compared 'start until /ping answers' start_s ' s' 2 bare "$work/start-@" service '<=' 1.0
	row 'the same without AOT cache' "$(figures start_s "$work/start-without" | median) s" '' '' "$(figures start_s "$work/start-without" | spread ' s' 2)"
	row 'resident at rest' "$memory MiB" '≤ 170 MiB' "$(verdict "$memory" '<=' 170)" '1 start, after 3 s'
}

# time_start <options>: in seconds, on the clock and of a processor.
time_start() {
	local before
	before=$(now_ms)
	start_java "$1" "$MEMORY" "$newer_port"
	awk -v ms=$(($(now_ms) - before)) -v cpu="$(cpu_ms "$service")" 'BEGIN { printf "start_s %.2f\nstart_cpu_s %.2f\n", ms / 1000, cpu / 1000 }'
	stop_service
}
