# shellcheck shell=bash
# The service in a container, from the Dockerfile.

image=akashgen2api:bench

# start_container: in 256 MiB; false where no Docker engine is at hand, or none that shares this machine's loopback.
start_container() {
	docker info >/dev/null 2>&1 || { warn 'no Docker engine can be reached: doing without a container'; return 1; }
	say "building the image"
	docker build --quiet --tag "$image" "$project" >"$work/image.log" 2>&1 \
		|| { tail -5 "$work/image.log" >&2; warn 'the image was not built: doing without a container'; return 1; }
	container=akashgen2api-bench-$$
	if run_container && until_true 60 answers "$SERVICE_PORT" /ping && container_is_here; then
		return
	fi
	tail -5 "$work/container.log" >&2
	warn 'the container did not start here: doing without'
	stop_container
	return 1
}

run_container() {
	docker run --detach --name "$container" --network host --memory 256m --memory-swap 256m --read-only --tmpfs /tmp \
		--env PORT="$SERVICE_PORT" --env API_KEY="$key" --env POLL_MAX_ATTEMPTS=60 \
		--env AKASH_BASE_URL="http://127.0.0.1:$newer_port" "$image" >"$work/container.log" 2>&1
}

# Whether its process is one of this machine's, so that it can be looked at like any other.
container_is_here() {
	service=$(docker inspect --format '{{.State.Pid}}' "$container")
	[ -r "/proc/$service/status" ] && grep -q '^Name:.*java' "/proc/$service/status"
}

stop_container() {
	docker rm --force "$container" >/dev/null 2>&1 || true
	container=
	service=
}

# container_end: "running", or what ended it.
container_end() {
	docker inspect --format '{{if .State.OOMKilled}}killed for its memory{{else if .State.Running}}running{{else}}ended with code {{.State.ExitCode}}{{end}}' "$container"
}
