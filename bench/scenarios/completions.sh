# shellcheck shell=bash
# Completions whose job is done at the first look, so that the picture is fetched and kept at once.

scenario_completions() { measure_completions newer "$newer_port" 2500; }

scenario_older() { measure_completions older "$older_port" 1200; }

# measure_completions <dialect> <port of the stand-in> <rate wanted>
measure_completions() {
	local name="completions, $1 dialect" run
	start_stand_in 0
	start_service "$MEMORY" "$2"
	chat "$1-warm-up" 128 "$WARM_UP"
	chat "$1-32" 32 "$SECONDS_EACH"
	for run in $(seq "$RUNS"); do
		chat "$1-128-$run" 128 "$SECONDS_EACH"
	done
	rate_row "$name, 32 connections" '' "$work/$1-32.load"
	rate_row "$name, 128 connections" "$3" "$work/$1-128-"*.load
	latency_row "$name, 128 connections" "$1" "$work/$1-128-"*.load
	failures_row "$name" "$work/$1-"*.load
	pictures_row "$name" "$work/$1-"*.ids
	[ "$1" != newer ] || memory_row
	stop_service
}

# chat <name> <connections> <seconds>
chat() { load "$1" chat "$2" "$3" "$(service_url /v1/chat/completions)"; }

# rate_row <name> <wanted, or nothing> <file...>
rate_row() {
	local rate met='' wanted=''
	rate=$(figures rate "${@:3}" | median)
	if [ -n "$2" ]; then
		wanted="≥ $2/s"
		met=$(verdict "$rate" '>=' "$2")
	fi
	row "$1" "$(rounded "$rate" 0)/s" "$wanted" "$met" "$(figures rate "${@:3}" | spread /s 0)"
}

# latency_row <name> <dialect> <file...>: of the newer dialect alone a latency is wanted.
latency_row() {
	local p50 p99 met='' wanted=''
	p50=$(figures p50_ms "${@:3}" | median)
	p99=$(figures p99_ms "${@:3}" | median)
	if [ "$2" = newer ]; then
		wanted='p99 < 120 ms'
		met=$(verdict "$p99" '<' 120)
	fi
	row "$1: latency" "p50 $(rounded "$p50" 0) ms, p99 $(rounded "$p99" 0) ms" "$wanted" "$met" \
		"p99: $(figures p99_ms "${@:3}" | spread ' ms' 0)"
}

# failures_row <name> <file...>
failures_row() {
	local failed errors
	failed=$(figures failed "${@:2}" | sum)
	errors=$(figures socket_errors "${@:2}" | sum)
	row "$1: failed" "$failed not 200, $errors socket errors" none "$(verdict $((failed + ${errors%.*})) == 0)" 'all runs and the warm-up'
}

# pictures_row <name> <file of ids...>: whether the pictures of these jobs are still served, wherever they come from.
pictures_row() {
	local all served before
	before=$(asked image)
	sort -u "${@:2}" | sed "s#.*#url = \"$(service_url '/images?id=')&\"\noutput = /dev/null#" >"$work/pictures.curl"
	curl -s -K "$work/pictures.curl" -w '%{http_code} %{size_download}\n' >"$work/pictures" 2>/dev/null || true
	all=$(grep -c ^url "$work/pictures.curl" || true)
	served=$(grep -c "^200 $(stat -c %s "$bench/stand-in/picture.webp")\$" "$work/pictures" || true)
	row "$1: pictures served afterwards" "$served of $all" all "$([ "$all" = 0 ] && echo NO || verdict "$served" == "$all")" \
		"the last 100 of each run and 100 others$([ "$before" = 0 ] || echo "; $(($(asked image) - before)) fetched again")"
}

memory_row() {
	local memory
	sleep 3
	memory=$(memory_mib VmRSS)
	row 'resident after that' "$memory MiB" '≤ 300 MiB' "$(verdict "$memory" '<=' 300)" "at most so far: $(memory_mib VmHWM) MiB"
}
