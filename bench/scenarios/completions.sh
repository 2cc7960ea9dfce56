# shellcheck shell=bash
# Completions whose job is done at the first look, so that the picture is fetched and kept at once.

scenario_completions() { measure_completions newer "$newer_port" 2500; }

scenario_older() { measure_completions older "$older_port" 1200; }

# measure_completions <dialect> <port of the stand-in> <rate wanted>
measure_completions() {
	local name="completions, $1 dialect" wanted=(baseline '<=' 0.6) run connections each
	start_stand_in 0
	start_subjects "${versions[@]}" yardstick -- "$MEMORY" "$2"
	for each in "${versions[@]}" yardstick; do
		turn_to "$each"
		complete "$1-$each-warm-up" 128 "$WARM_UP"
	done
	for run in $(seq "$RUNS"); do
		for connections in 32 128; do
			for each in "${versions[@]}" yardstick; do
				turn_to "$each"
				complete_and_count "$1-$each-$connections-$run" "$connections"
			done
		done
	done
	turn_to service
	[ "$1" = older ] || wanted+=(yardstick '<=' 5)
	for connections in 32 128; do
		compared "$name, $connections connections: processor time for each" cpu_ms ' ms' 2 yardstick \
			"$work/$1-@-$connections-*.load" "${wanted[@]}"
	done
	if [ "$1" = older ]; then
		compared "$name, 32 connections" completions_a_second /s 0 yardstick "$work/$1-@-32-*.load" baseline '>=' 2.5
	else
		compared "$name, 32 connections" completions_a_second /s 0 yardstick "$work/$1-@-32-*.load"
	fi
	compared "$name, 128 connections" completions_a_second /s 0 yardstick "$work/$1-@-128-*.load" service '>=' "$3"
	latency_rows "$name, 128 connections: latency" "$1"
	for connections in 32 128; do
		compared "$name, $connections connections: full collections" full_collections_a_second /s 2 yardstick \
			"$work/$1-@-$connections-*.load" service '==' 0
	done
	for each in "${versions[@]}" yardstick; do
		failures_row "$(titled "$name" "$each")" "$work/$1-$each-"*.load
	done
	pictures_row "$name" "$work/$1-service-"*.ids
	[ "$1" != newer ] || memory_row
}

# complete_and_count <name> <connections>: with what it cost the subject.
complete_and_count() {
	local cpu full completions
	cpu=$(cpu_ms "$service")
	full=$(full_collections)
	complete "$1" "$2" "$SECONDS_EACH"
	is_running || die "the $subject ended, so that there is nothing to compare"
	completions=$(rounded "$(figures completions "$work/$1.load")" 0)
	[ "$completions" -gt 0 ] || die "the $subject completed nothing"
	{
		echo "cpu_ms $(ratio $(($(cpu_ms "$service") - cpu)) "$completions" 4)"
		echo "full_collections_a_second $(ratio $(($(full_collections) - full)) "$SECONDS_EACH" 3)"
	} >>"$work/$1.load"
}

# latency_rows <name> <dialect>: of the newer dialect alone a latency is wanted.
latency_rows() {
	local wanted=()
	[ "$2" != newer ] || wanted=(service '<' 120)
	compared "$1, p50" p50_ms ' ms' 0 yardstick "$work/$2-@-128-*.load"
	compared "$1, p99" p99_ms ' ms' 0 yardstick "$work/$2-@-128-*.load" "${wanted[@]}"
}

# titled <name> <subject>: of the service, it goes without saying.
titled() { [ "$2" = service ] && echo "$1" || echo "$1, $2"; }

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
	local each
	sleep 3
	for each in "${versions[@]}" yardstick; do
		turn_to "$each"
		echo "resident_mib $(memory_mib VmRSS)" >"$work/resident-$each"
	done
	turn_to service
	made_of="after the runs; at most so far: $(memory_mib VmHWM) MiB" \
		compared 'resident after that' resident_mib ' MiB' 0 yardstick "$work/resident-@" service '<=' 210
}
