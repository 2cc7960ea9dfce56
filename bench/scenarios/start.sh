# shellcheck shell=bash
# How long a start takes, with the AOT cache and without, and what a service that nobody asks keeps resident.

scenario_start() {
	local memory with
	start_stand_in 0
	for _ in 1 2 3; do
		time_start without-aot.options >>"$work/start-without"
		time_start jvm.options >>"$work/start-with"
	done
	start_service "$MEMORY" "$newer_port"
	sleep 3
	memory=$(memory_mib VmRSS)
	stop_service
	with=$(median <"$work/start-with")
	row 'start until /ping answers' "$(rounded "$with" 2) s" '≤ 1.0 s' "$(verdict "$with" '<=' 1)" "$(spread ' s' 2 <"$work/start-with")"
	row 'the same without AOT cache' "$(median <"$work/start-without") s" '' '' "$(spread ' s' 2 <"$work/start-without")"
	row 'resident at rest' "$memory MiB" '≤ 170 MiB' "$(verdict "$memory" '<=' 170)" '1 start, after 3 s'
}

# time_start <options>: in seconds.
time_start() {
	local before
	before=$(now_ms)
	start_java "$1" "$MEMORY" "$newer_port"
	awk -v ms=$(($(now_ms) - before)) 'BEGIN { printf "%.2f\n", ms / 1000 }'
	stop_service
}
