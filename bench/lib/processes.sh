# shellcheck shell=bash
# What was started, so that it is stopped, whatever happens.

started=()
container=

# started_last: the process started last belongs to us.
started_last() { started+=("$!"); }

# end <pid>: stop one of ours and wait until it is gone.
end() {
	kill "$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
	local pid left=()
	for pid in "${started[@]}"; do
		[ "$pid" = "$1" ] || left+=("$pid")
	done
	started=("${left[@]}")
}

clean_up() {
	local code=$? pid
	trap - EXIT
	for pid in "${started[@]}"; do
		kill "$pid" 2>/dev/null || true
	done
	for pid in "${started[@]}"; do
		wait "$pid" 2>/dev/null || true
	done
	[ -z "$container" ] || docker rm --force "$container" >/dev/null 2>&1 || true
	rm -rf "$work"
	exit "$code"
}

# cpu_ms <pid>: the processor time it has taken so far, its own and the kernel's; a name may hold blanks.
cpu_ms() {
	sed 's/.*) //' "/proc/$1/stat" 2>/dev/null \
		| awk -v ticks="$(getconf CLK_TCK)" '{ printf "%.0f\n", ($12 + $13) * 1000 / ticks }'
}

# until_true <seconds> <command...>: whether it succeeded within that time.
until_true() {
	local deadline=$(($(now_ms) + $1 * 1000))
	until "${@:2}"; do
		[ "$(now_ms)" -lt "$deadline" ] || return 1
		sleep 0.02
	done
}

now_ms() { echo "$((${EPOCHREALTIME/[.,]/} / 1000))"; }
