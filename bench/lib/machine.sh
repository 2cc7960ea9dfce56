# shellcheck shell=bash
# The machine: what it must have, and what the results say of it.

# Debian's packages hold nginx outside the PATH of ordinary users.
PATH=$PATH:/usr/sbin:/sbin

prepare_machine() {
	install_tools
	find_java
	raise_open_files
	check_local_ports
	check_ports_are_free
	warn_if_busy
}

install_tools() {
	tools_are_there && return
	command -v apt-get >/dev/null || die "install nginx with its Lua module, wrk and curl: without apt-get, bench/run cannot"
	local as_root=()
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || die "as root, run: apt-get install nginx-light libnginx-mod-http-lua wrk curl"
		as_root=(sudo)
	fi
	say "installing nginx-light, libnginx-mod-http-lua, wrk and curl"
	"${as_root[@]}" apt-get update -qq
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		nginx-light libnginx-mod-http-lua wrk curl >"$work/apt.log" 2>&1 || { tail -5 "$work/apt.log" >&2; die "apt-get failed"; }
	tools_are_there || die "nginx's Lua module is not where this nginx looks for modules: $(nginx_modules)"
}

tools_are_there() {
	command -v wrk >/dev/null && command -v curl >/dev/null && command -v nginx >/dev/null \
		&& [ -f "$(nginx_modules)/ngx_http_lua_module.so" ]
}

nginx_modules() { nginx -V 2>&1 | sed -n 's/.*--modules-path=\([^ ]*\).*/\1/p'; }

# The first JDK 25, which packs and runs: JAVA_HOME's, the PATH's, or an installed one that is not the default.
find_java() {
	local home
	for home in "${JAVA_HOME:-}" "$(dirname "$(dirname "$(readlink -f "$(command -v java || true)")")")" /usr/lib/jvm/*; do
		if [ -x "$home/bin/javac" ] && [ "$(java_major "$home")" -eq 25 ]; then
			export JAVA_HOME=$home
			return
		fi
	done
	die "a JDK 25 has to be installed; if it is, set JAVA_HOME"
}

java_major() { "$1/bin/java" -version 2>&1 | sed -n '1s/[^"]*"\([0-9]*\).*/\1/p' | grep . || echo 0; }

# The load generator, the service and nginx hold a file for each connection.
raise_open_files() {
	local needed=$((WAITERS + 2000))
	ulimit -n 32768 2>/dev/null || ulimit -n "$(ulimit -Hn)"
	[ "$(ulimit -n)" = unlimited ] || [ "$(ulimit -n)" -ge "$needed" ] \
		|| die "$WAITERS callers need $needed open files, the hard limit is $(ulimit -Hn): raise it (ulimit -Hn), or set WAITERS"
}

check_local_ports() {
	local first last
	read -r first last </proc/sys/net/ipv4/ip_local_port_range
	[ $((last - first)) -ge $((WAITERS + 2000)) ] \
		|| die "$WAITERS callers need as many local ports, net.ipv4.ip_local_port_range is $first-$last: widen it, or set WAITERS"
	[ "$(cat /proc/sys/net/core/somaxconn)" -ge 1024 ] \
		|| warn "net.core.somaxconn is $(cat /proc/sys/net/core/somaxconn): callers who arrive together may be delayed by seconds"
}

check_ports_are_free() {
	local port
	for port in "$older_port" "$newer_port" "$static_port" "${port_of[@]}"; do
		if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
			die "port $port is in use: set STAND_IN_PORT (the first of three) or SERVICE_PORT (of four)"
		fi
	done
}

# Taken before the load, which would be in the load average.
describe_machine() {
	cat <<-END
		- date: $(date -u '+%Y-%m-%d %H:%M') UTC
		- commit: $(commit)${against:+; baseline: $(git -C "$project" log -1 --format='%h (%s)' "$against")}
		- machine: $(cpu_model), $(nproc) cores, $(awk '/^MemTotal/ { printf "%.1f GiB", $2 / 1048576 }' /proc/meminfo); load average before: $(cut -d' ' -f1 /proc/loadavg)
		- kernel $(uname -r), $("$JAVA_HOME/bin/java" -version 2>&1 | sed -n '2s/ *(build.*//p'), $("$JAVA_HOME/bin/java" -version 2>&1 | sed -n '2s/.*build \(.*\))/\1/p'), nginx $(nginx -v 2>&1 | sed 's#.*/##')
		- runs ($RUNS) of $SECONDS_EACH s each, after $WARM_UP s of warm-up, where nothing else is said
	END
}

cpu_model() {
	local name
	name=$(sed -n '/^model name/ { s/.*: //p; q }' /proc/cpuinfo)
	echo "${name:-$(uname -m)}"
}

commit() {
	local changed=
	git -C "$project" rev-parse HEAD >/dev/null 2>&1 || { echo unknown; return; }
	[ -z "$(git -C "$project" status --porcelain -- src pom.xml Dockerfile)" ] || changed=", with changes not committed"
	echo "$(git -C "$project" rev-parse --short HEAD)$changed"
}

warn_if_busy() {
	awk -v cores="$(nproc)" '{ exit $1 <= cores / 2 }' /proc/loadavg \
		&& warn "the load average is $(cut -d' ' -f1 /proc/loadavg): what else runs here makes the figures worse"
	return 0
}
