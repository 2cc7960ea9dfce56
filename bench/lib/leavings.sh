# shellcheck shell=bash
# What the service holds when nobody asks anything of it.

# leavings: a line for each: its name, how many there are, and how many more are no leak.
leavings() {
	# The first command to a JVM starts the thread that takes them.
	heap_kib >/dev/null
	# Compilers and carriers of virtual threads come and go.
	echo "threads $(find "/proc/$service/task" -mindepth 1 -maxdepth 1 | wc -l) 6"
	echo "virtual_threads $(virtual_threads) 2"
	# Compiled code, metrics of the JVM and what is kept for a while differ by as much.
	echo "heap_KiB $(heap_kib) 3072"
	echo "sockets $(open_files '^socket:') 4"
	echo "pipes_and_the_like $(open_files '^(pipe|anon_inode):') 2"
	echo "files $(open_files '^/') 2"
	echo "deleted_files $(open_files ' \(deleted\)$') 0"
}

# heap_kib: what is reachable, after a full collection.
heap_kib() { tell_jvm GC.class_histogram | awk '$1 == "Total" { printf "%d\n", $3 / 1024 }'; }

virtual_threads() {
	tell_jvm Thread.dump_to_file -overwrite "$work/threads" >/dev/null
	grep -c '^#.* virtual' "$work/threads" || true
}

tell_jvm() { "$JAVA_HOME/bin/jcmd" "$service" "$@"; }

# open_files <pattern>: how many of what the service has open are that.
open_files() { find "/proc/$service/fd" -type l -printf '%l\n' 2>/dev/null | grep -cE "$1" || true; }
