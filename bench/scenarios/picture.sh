# shellcheck shell=bash
# One picture that everybody asks for, beside nginx, which serves it as a file in the same minute.

scenario_picture() {
	local url run by_service by_nginx share
	start_stand_in 0
	start_service "$MEMORY" "$newer_port"
	url=$(one_picture)
	curl -sf "$url" | cmp -s - "$bench/stand-in/picture.webp" || die "the picture served is not the one that was made"
	load picture-warm-up get 64 "$WARM_UP" "$url"
	for run in $(seq "$RUNS"); do
		load "nginx-$run" get 64 "$((SECONDS_EACH / 2))" "http://127.0.0.1:$static_port/picture.webp"
		load "picture-$run" get 64 "$((SECONDS_EACH / 2))" "$url"
	done
	by_service=$(figures rate "$work/picture-"[0-9]*.load | median)
	by_nginx=$(figures rate "$work/nginx-"*.load | median)
	share=$(ratio "$by_service" "$by_nginx" 2)
	row 'one hot picture, 64 connections' "$share of nginx" '≥ 0.3' "$(verdict "$share" '>=' 0.3)" \
		"$(rounded "$by_service" 0)/s to $(rounded "$by_nginx" 0)/s; $(figures rate "$work/picture-"[0-9]*.load | spread /s 0)"
	failures_row 'one hot picture' "$work/picture-"*.load
	stop_service
}
