# shellcheck shell=bash
# What this machine, the load generator and the stand-in can do without the service between them.

scenario_limits() {
	start_stand_in 0
	load limits-file get 64 4 "http://127.0.0.1:$static_port/picture.webp"
	complete limits-chat 128 4 "http://127.0.0.1:$newer_port/api/chat"
	row 'limit: nginx serving the picture, 64 connections' "$(rounded "$(figures rate "$work/limits-file.load")" 0)/s" '' '' "1 run of 4 s, $(not_answered limits-file)"
	row 'limit: the stand-in taking jobs, 128 connections' "$(rounded "$(figures rate "$work/limits-chat.load")" 0)/s" '' '' "1 run of 4 s, $(not_answered limits-chat)"
}

# not_answered <load>: answers that fail are quick ones.
not_answered() { echo "$(rounded "$(figures failed "$work/$1.load")" 0) not 200, $(rounded "$(figures socket_errors "$work/$1.load")" 0) socket errors"; }
