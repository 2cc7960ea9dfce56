# shellcheck shell=bash
# What the service is measured beside, each in turns with it: the baseline (the service of another commit), the yardstick (plain Java)
# and a bare Spring Boot application. All run with options of the JVM from the same place as the service.

port_of+=([baseline]=$((SERVICE_PORT + 1)) [yardstick]=$((SERVICE_PORT + 2)) [bare]=$((SERVICE_PORT + 3)))

# The commit to compare with, if there is one; and the subjects that do the service's work.
against=
versions=(service)

choose_baseline() {
	against=$(git -C "$project" rev-parse --verify --quiet "$1^{commit}") || die "there is no commit $1"
	versions=(baseline service)
}

# build_baseline: from the commit's own sources, with its own pack and options.
build_baseline() {
	[ -n "$against" ] || return 0
	local tree=$work/baseline-tree
	mkdir "$tree"
	git -C "$project" archive "$against" | tar -x -C "$tree"
	build "$tree"
	turn_to baseline
	pack_with "$tree/src/main/dist/pack"
}

# build_yardstick: with the service's options, but for its cache and for Spring.
build_yardstick() {
	local classes=$work/yardstick-classes
	turn_to yardstick
	mkdir "$packed"
	"$JAVA_HOME/bin/javac" -d "$classes" "$bench"/yardstick/*.java || die "the yardstick does not compile"
	"$JAVA_HOME/bin/jar" --create --file "$packed/akashgen2api.jar" --main-class Yardstick -C "$classes" .
	grep -v -e AOTCache -e spring "$work/service/jvm.options" >"$packed/jvm.options"
}

# build_bare: of the service's Spring Boot, packed with the service's options, and trained by being asked for /ping for two seconds.
build_bare() {
	local tree=$work/bare-tree version
	version=$(sed -n '/<parent>/,/<\/parent>/s/.*<version>\(.*\)<\/version>.*/\1/p' "$project/pom.xml")
	cp -r "$bench/bare-boot" "$tree"
	sed -i "s/@SPRING_BOOT@/$version/" "$tree/pom.xml"
	build "$tree"
	turn_to bare
	say "packing the bare application"
	"$JAVA_HOME/bin/java" -Djarmode=tools -jar "$tree/target/bare-boot.jar" extract --destination "$packed" \
		--application-filename akashgen2api.jar >"$work/pack.log" 2>&1 || { tail -5 "$work/pack.log" >&2; die "packing failed"; }
	cp "$work/service/jvm.options" "$packed/"
	sed 's/^-XX:AOTCache=/-XX:AOTCacheOutput=/' "$packed/jvm.options" >"$packed/training.options"
	start_java training.options "$MEMORY" "$newer_port"
	load bare-training get 4 2 "$(service_url /ping)"
	stop_service
	[ -f "$packed/akashgen2api.aot" ] || { tail -5 "$work/bare.log" >&2; die "the bare application wrote no AOT cache"; }
}

# start_subjects <subject>... -- <memory> <port of the stand-in> [NAME=value...]: all of them, as they take turns under load.
start_subjects() {
	local chosen=() each
	while [ "$1" != -- ]; do
		chosen+=("$1")
		shift
	done
	for each in "${chosen[@]}"; do
		turn_to "$each"
		start_service "${@:2}"
	done
}

# stop_subjects: whatever runs.
stop_subjects() {
	local each
	for each in "${!port_of[@]}"; do
		turn_to "$each"
		stop_service
	done
	turn_to service
}
