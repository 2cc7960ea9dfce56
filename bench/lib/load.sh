# shellcheck shell=bash
# Load, made by wrk with one thread: that is far from its limit here, and leaves a core to what is measured.

# load <name> <script> <connections> <seconds> <url> [argument...]: what it reports is in the file "$work/<name>.load".
load() {
	local name=$1 script=$2 connections=$3 seconds=$4 url=$5
	BENCH_LOAD=$bench/load IDS_FILE=$work/$name.ids ENDS_FILE=$work/$name.ends wrk -t1 -c"$connections" -d"${seconds}s" --timeout 60s \
		-s "$bench/load/$script.lua" "$url" -- "${@:6}" >"$work/$name.load" 2>"$work/$name.errors" &
	started_last
	local wrk=$!
	end_with_service "$wrk"
	wait "$wrk" || { cat "$work/$name.load" "$work/$name.errors" >&2; die "wrk failed"; }
	end "$wrk"
	sed -n '1,3s/^/bench:   /p' "$work/$name.errors" >&2
}

# complete <name> <connections> <seconds> [<url>]: completions for so long. What was asked by then is waited for, half a minute at most.
complete() { LOAD_SECONDS=$3 load "$1" completions "$2" "$(($3 + 30))" "${4:-$(service_url /v1/chat/completions)}"; }

# end_with_service <pid of wrk>: it would go on trying to connect to a service that is gone.
end_with_service() {
	while kill -0 "$1" 2>/dev/null; do
		if [ -n "$service" ] && [ ! -d "/proc/$service" ]; then
			warn 'the service ended under this load'
			[ -n "$container" ] || tail -2 "$work/$subject.log" | cut -c1-200 >&2
			kill -INT "$1" 2>/dev/null || true
			return
		fi
		sleep 0.2
	done
}
