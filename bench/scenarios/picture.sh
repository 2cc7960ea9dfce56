# shellcheck shell=bash
# One picture that everybody asks for, beside nginx, which serves it as a file in turns with it.

scenario_picture() {
	local run each seconds=$(((SECONDS_EACH + 1) / 2))
	local -A url=([nginx]="http://127.0.0.1:$static_port/picture.webp")
	start_stand_in 0
	start_subjects "${versions[@]}" -- "$MEMORY" "$newer_port"
	for each in "${versions[@]}"; do
		turn_to "$each"
		url[$each]=$(one_picture)
		curl -sf "${url[$each]}" | cmp -s - "$bench/stand-in/picture.webp" || die "the picture served is not the one that was made"
		load "picture-$each-warm-up" get 64 "$WARM_UP" "${url[$each]}"
	done
	for run in $(seq "$RUNS"); do
		for each in "${versions[@]}" nginx; do
			[ "$each" = nginx ] || turn_to "$each"
			load "picture-$each-$run" get 64 "$seconds" "${url[$each]}"
		done
	done
	turn_to service
	compared 'one hot picture, 64 connections' rate /s 0 nginx "$work/picture-@-[0-9]*.load" nginx '>=' 0.5
	failures_row 'one hot picture' "$work/picture-service-"*.load
}
