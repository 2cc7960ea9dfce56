# shellcheck shell=bash
# The packaged service in a group of 256 MB, where this machine lets us make one.

group=
group_kind=none
# What ended the service the last time, if anything did.
end_of_service=

make_group() {
	local bytes=$((256 * 1024 * 1024)) v1=/sys/fs/cgroup/memory/akashgen2api-attacks-$$ v2=/sys/fs/cgroup/akashgen2api-attacks-$$
	if [ -d /sys/fs/cgroup/memory ] && mkdir "$v1" 2>/dev/null; then
		group=$v1 group_kind=v1
		echo "$bytes" >"$group/memory.limit_in_bytes" && return
	elif [ -f /sys/fs/cgroup/cgroup.controllers ] && mkdir "$v2" 2>/dev/null; then
		group=$v2 group_kind=v2
		if { echo "$bytes" >"$group/memory.max"; } 2>/dev/null; then
			{ echo 0 >"$group/memory.swap.max"; } 2>/dev/null || true
			return
		fi
	fi
	remove_group
	warn "no control group can be made here: -XX:MaxRAM=256m stands in for it"
}

remove_group() {
	[ -z "$group" ] || rmdir "$group" 2>/dev/null || true
	group= group_kind=none
}

describe_group() {
	if [ "$group_kind" = none ]; then
		echo "-XX:MaxRAM=256m, without a control group; peak memory is VmHWM"
	else
		echo "control group ($group_kind) of 256 MB; peak memory is the group's, which includes cached files"
	fi
}

# start_bounded: whether it answers within three minutes. Its data lies in $work/data and outlives it.
start_bounded() {
	end_of_service=
	reset_peak
	(
		[ -z "$group" ] || echo "$BASHPID" >"$group/cgroup.procs"
		cd "$packed" && exec env -i PATH="$PATH" HOME="$HOME" PORT="$SERVICE_PORT" API_KEY="$key,$attacker_key" \
			AKASH_BASE_URL="http://127.0.0.1:$STAND_IN_PORT" DATA_DIR="$work/data" \
			"$JAVA_HOME/bin/java" @jvm.options -XX:MaxRAM=256m -jar akashgen2api.jar
	) >"$work/service.log" 2>&1 &
	started_last
	service=$!
	until_true 180 answers_or_ended || true
	is_alive
}

is_alive() {
	kill -0 "$service" 2>/dev/null && until_true 15 answers "$SERVICE_PORT" /ping && return
	note_end
	return 1
}

# note_end: why the service does not answer.
note_end() {
	local code=0
	if kill -0 "$service" 2>/dev/null; then
		end_of_service="does not answer"
		return
	fi
	wait "$service" 2>/dev/null || code=$?
	if grep -q OutOfMemoryError "$work/service.log"; then
		end_of_service="exit $code, $(grep -o 'OutOfMemoryError: [A-Za-z -]*' "$work/service.log" | tail -1)"
	elif [ "$code" = 137 ]; then
		end_of_service="killed for its memory"
	else
		end_of_service="exit $code"
	fi
}

kill_service() {
	kill -9 "$service" 2>/dev/null || true
	end "$service"
	service=
}

# The high-water mark of a group outlives what it measured.
reset_peak() {
	case $group_kind in
	v1) echo 0 >"$group/memory.max_usage_in_bytes" ;;
	v2) { echo reset >"$group/memory.peak"; } 2>/dev/null || true ;;
	esac
}

# peak_mib: the most memory since the start.
peak_mib() {
	case $group_kind in
	v1) awk '{ printf "%.0f", $1 / 1048576 }' "$group/memory.max_usage_in_bytes" ;;
	v2) awk '{ printf "%.0f", $1 / 1048576 }' "$group/memory.peak" 2>/dev/null || memory_mib VmHWM ;;
	*) memory_mib VmHWM ;;
	esac
}
