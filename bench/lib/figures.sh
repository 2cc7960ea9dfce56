# shellcheck shell=bash
# Figures: read from what the loads reported, summed up, judged, and printed as one table.

# figures <name> <file...>: that figure of each file, a line each.
figures() { awk -v name="$1" '$1 == name { print $2 }' "${@:2}"; }

# median, lowest, highest: of the numbers on standard input.
median() { sort -n | awk '{ n[NR] = $1 } END { print (NR % 2) ? n[(NR + 1) / 2] : (n[NR / 2] + n[NR / 2 + 1]) / 2 }'; }
lowest() { sort -n | sed -n 1p; }
highest() { sort -n | sed -n '$p'; }
sum() { awk '{ s += $1 } END { print s + 0 }'; }

# spread <unit> <decimals>: "n runs, min-max" of the numbers on standard input.
spread() {
	sort -n | awk -v unit="$1" -v format="%.$2f" '{ n[NR] = $1 }
		END { if (NR == 1) print "1 run"; else printf "%d runs, " format "–" format "%s\n", NR, n[1], n[NR], unit }'
}

# rounded <number> <decimals>
rounded() { awk -v n="$1" -v format="%.$2f" 'BEGIN { printf format, n }'; }

# ratio <number> <number> <decimals>
ratio() { awk -v a="$1" -v b="$2" -v format="%.$3f" 'BEGIN { if (b == 0) print "n/a"; else printf format, a / b }'; }

# verdict <number> <"<", "<=", "==" or ">="> <limit>: yes or NO.
verdict() {
	awk -v n="$1" -v how="$2" -v limit="$3" 'BEGIN {
		met = (how == "<") ? n < limit : (how == "<=") ? n <= limit : (how == ">=") ? n >= limit : n == limit
		print (n ~ /^[0-9.]+$/ && met) ? "yes" : "NO"
	}'
}

# row <scenario> <reached> <wanted> <met> <spread or ratio>: a line of the table, which is shown at once too.
row() {
	printf '| %s | %s | %s | %s | %s |\n' "$@" >>"$work/rows"
	say "$1: $2${3:+, wanted $3}${4:+ ($4)}"
}

table() {
	echo '| scenario | reached | wanted | met | spread or ratio |'
	echo '|---|---|---|---|---|'
	cat "$work/rows"
}
