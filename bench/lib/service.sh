# shellcheck shell=bash
# The service, and what is measured beside it: built, packed the image's way, started and looked at.

# A subject is a directory in which "java @jvm.options -jar akashgen2api.jar" is what the image runs, and a port. One at a time is
# the subject that functions speak of; "service" is the one built from this tree.
pack=${PACK:-$project/src/main/dist/pack}
subject=service
packed=
service=
key=k
declare -A port_of=([service]=$SERVICE_PORT) process_of=()

# turn_to <subject>
turn_to() {
	process_of[$subject]=$service
	subject=$1
	service=${process_of[$1]:-}
	packed=$work/$1
}

build_service() {
	local jar=$project/target/akashgen2api.jar
	if [ ! -f "$jar" ] || [ -n "$(find "$project/pom.xml" "$project/src/main" -newer "$jar" -print -quit)" ]; then
		build "$project"
	fi
	[ -x "$pack" ] || die "$pack is not there to pack the jar"
	turn_to service
	pack_with "$pack"
	grep -v AOTCache "$packed/jvm.options" >"$packed/without-aot.options"
}

# build <directory of a Maven project>
build() {
	say "building ${1/#$work/}"
	(cd "$1" && "$project/mvnw" --batch-mode --quiet -Dmaven.test.skip=true package) >"$work/build.log" 2>&1 \
		|| { tail -30 "$work/build.log" >&2; die "the build of $1 failed"; }
}

# pack_with <pack> [<jar>]: the subject.
pack_with() {
	say "packing the $subject"
	PATH=$JAVA_HOME/bin:$PATH "$1" "$packed" "${@:2}" >"$work/pack.log" 2>&1 \
		|| { tail -30 "$work/pack.log" >&2; die "packing failed"; }
}

# start_service <memory> <port of the stand-in> [NAME=value...]: as in a container of that much memory, until it answers.
start_service() { start_java jvm.options "$@"; }

# start_java <options> <memory> <port of the stand-in> [NAME=value...]: with nothing of what it stored before.
start_java() {
	local options=$1 memory=$2 upstream=$3
	stop_service
	rm -rf "$packed/data"
	# Of the caller's environment nothing must reach the service. MaxRAM makes Java size itself as in a container.
	(cd "$packed" && exec env -i PATH="$PATH" HOME="$HOME" PORT="${port_of[$subject]}" API_KEY="$key" \
		AKASH_BASE_URL="http://127.0.0.1:$upstream" "${@:4}" \
		"$JAVA_HOME/bin/java" "@$options" -XX:MaxRAM="$memory" -Xlog:gc:"$work/$subject.gc" -jar akashgen2api.jar) >>"$work/$subject.log" 2>&1 &
	started_last
	service=$!
	until_true 60 answers_or_ended || die "the $subject took more than a minute to start"
	is_running || { tail -20 "$work/$subject.log" >&2; die "the $subject did not start"; }
}

is_running() { kill -0 "$service" 2>/dev/null; }

answers_or_ended() { answers "${port_of[$subject]}" /ping || ! is_running; }

stop_service() {
	[ -z "$service" ] || end "$service"
	service=
}

service_url() { echo "http://127.0.0.1:${port_of[$subject]}$1"; }

# memory_mib <VmRSS or VmHWM>: resident now, or at most so far.
memory_mib() { awk -v what="$1:" '$1 == what { printf "%.0f\n", $2 / 1024 }' "/proc/$service/status" 2>/dev/null || echo unknown; }

# full_collections: so far.
full_collections() { grep -c 'Pause Full' "$work/$subject.gc" || true; }

# one_picture: the address of a picture that was just made.
one_picture() {
	local id
	id=$(curl -sf -H "Authorization: Bearer $key" -H 'Content-Type: application/json' \
		-d '{"messages":[{"role":"user","content":"a lighthouse at dusk"}]}' "$(service_url /v1/chat/completions)" \
		| grep -o 'images?id=[A-Za-z0-9_-]*' | sed -n '1s/.*=//p') || die "no picture could be made"
	service_url "/images?id=$id"
}
