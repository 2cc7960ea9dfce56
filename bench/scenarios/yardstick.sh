# shellcheck shell=bash
# What this machine and the load generator can do without the service between them.

scenario_yardstick() {
	start_stand_in 0
	load yardstick-file get 64 4 "http://127.0.0.1:$static_port/picture.webp"
	load yardstick-chat chat 128 4 "http://127.0.0.1:$newer_port/api/chat"
	row 'yardstick: nginx serving the picture, 64 connections' "$(rounded "$(figures rate "$work/yardstick-file.load")" 0)/s" '' '' "1 run of 4 s, $(not_answered yardstick-file)"
	row 'yardstick: the stand-in submitting jobs, 128 connections' "$(rounded "$(figures rate "$work/yardstick-chat.load")" 0)/s" '' '' "1 run of 4 s, $(not_answered yardstick-chat)"
}

# not_answered <load>: answers that fail are quick ones.
not_answered() { echo "$(rounded "$(figures failed "$work/$1.load")" 0) not 200, $(rounded "$(figures socket_errors "$work/$1.load")" 0) socket errors"; }
