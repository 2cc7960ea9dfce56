# shellcheck shell=bash
# The service: built, packed the image's way, started and looked at.

# What makes a directory in which "java @jvm.options -jar akashgen2api.jar" is what the image runs.
pack=${PACK:-$project/src/main/dist/pack}
packed=
service=
key=k

build_service() {
	local jar=$project/target/akashgen2api.jar
	if [ ! -f "$jar" ] || [ -n "$(find "$project/pom.xml" "$project/src/main" -newer "$jar" -print -quit)" ]; then
		say "building the jar"
		(cd "$project" && ./mvnw --batch-mode --quiet -DskipTests package) >"$work/build.log" 2>&1 \
			|| { tail -30 "$work/build.log" >&2; die "the build failed"; }
	fi
	[ -x "$pack" ] || die "$pack is not there to pack the jar"
	say "packing it"
	packed=$work/packed
	PATH=$JAVA_HOME/bin:$PATH "$pack" "$packed" >"$work/pack.log" 2>&1 \
		|| { tail -30 "$work/pack.log" >&2; die "packing failed"; }
	grep -v AOTCache "$packed/jvm.options" >"$packed/without-aot.options"
}

# start_service <memory> <port of the stand-in> [NAME=value...]: as in a container of that much memory, until it answers.
start_service() { start_java jvm.options "$@"; }

# start_java <options> <memory> <port of the stand-in> [NAME=value...]
start_java() {
	local options=$1 memory=$2 upstream=$3
	stop_service
	# Of the caller's environment nothing must reach the service. MaxRAM makes Java size itself as in a container.
	(cd "$packed" && exec env -i PATH="$PATH" HOME="$HOME" PORT="$SERVICE_PORT" API_KEY="$key" \
		AKASH_BASE_URL="http://127.0.0.1:$upstream" "${@:4}" \
		"$JAVA_HOME/bin/java" "@$options" -XX:MaxRAM="$memory" -jar akashgen2api.jar) >>"$work/service.log" 2>&1 &
	started_last
	service=$!
	until_true 60 answers_or_ended || die "the service took more than a minute to start"
	kill -0 "$service" 2>/dev/null || { tail -20 "$work/service.log" >&2; die "the service did not start"; }
}

answers_or_ended() { answers "$SERVICE_PORT" /ping || ! kill -0 "$service" 2>/dev/null; }

stop_service() {
	[ -z "$service" ] || end "$service"
	service=
}

service_url() { echo "http://127.0.0.1:$SERVICE_PORT$1"; }

# memory_mib <VmRSS or VmHWM>: resident now, or at most so far.
memory_mib() { awk -v what="$1:" '$1 == what { printf "%.0f\n", $2 / 1024 }' "/proc/$service/status" 2>/dev/null || echo unknown; }

# one_picture: the address of a picture that was just made.
one_picture() {
	local id
	id=$(curl -sf -H "Authorization: Bearer $key" -H 'Content-Type: application/json' \
		-d '{"messages":[{"role":"user","content":"a lighthouse at dusk"}]}' "$(service_url /v1/chat/completions)" \
		| grep -o 'job-[0-9]*-[0-9]*' | sed -n 1p) || die "no picture could be made"
	service_url "/images?id=$id"
}
