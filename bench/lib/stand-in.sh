# shellcheck shell=bash
# The stand-in for AkashGen: nginx, which also serves the picture as a file.

stand_in=

# start_stand_in <ms>: with jobs of that length, and counts that begin at zero.
start_stand_in() {
	stop_stand_in
	local home=$work/stand-in
	mkdir -p "$home/html" "$home/temp"
	cp "$bench/stand-in/picture.webp" "$bench/stand-in/faults.lua" "$home/"
	cp "$bench/stand-in/picture.webp" "$home/html/"
	sed "s#@MODULES@#$(nginx_modules)#; s/@OLDER@/$older_port/; s/@NEWER@/$newer_port/; s/@STATIC@/$static_port/" \
		"$bench/stand-in/nginx.conf" >"$home/nginx.conf"
	JOB_MS=$1 nginx -p "$home/" -e error.log -c nginx.conf -g 'daemon off;' 2>>"$work/nginx.log" &
	started_last
	stand_in=$!
	until_true 10 answers "$newer_port" /__stats || { cat "$work/nginx.log" "$home/error.log" >&2; die "the stand-in did not start"; }
}

stop_stand_in() {
	[ -z "$stand_in" ] || end "$stand_in"
	stand_in=
}

# jobs_take <least ms> <most ms> [<from, in ms since 1970>]: after their submit, or after that moment.
jobs_take() { curl -sf "http://127.0.0.1:$newer_port/__jobs?least=$1&most=$2${3:+&from=$3}" || die "the stand-in does not answer"; }

# asked <what>: how often the stand-in was asked for it (chat, status, status_ids, image).
asked() { curl -s "http://127.0.0.1:$newer_port/__stats" | awk -v what="$1" '$1 == what { n = $2 } END { print n + 0 }'; }

# answers <port> <path>: whether a GET is answered with 200; without a new process each time, as it may be asked often.
answers() {
	(
		exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
		printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&3
		read -r -t 2 _ status _ <&3 && [ "$status" = 200 ]
	) 2>/dev/null
}
