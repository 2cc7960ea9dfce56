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

# row <figure> <reached> <wanted> <met> <made of>: a line of the table with nothing beside it, which is shown at once too.
row() { line "$1" "$2" '' '' "${@:3}"; }

# compared <figure> <name in the files> <unit> <decimals> <reference> <files> [<of whom> <how> <limit>]...: a line with the service's
# median, and its ratios to the baseline and the reference. In <files>, @ stands for whose they are. What is wanted is a value of
# "service", or a ratio, which is not judged where it was not measured. If made_of is set, it stands in place of the spread.
compared() {
	local title=$1 figure=$2 unit=$3 decimals=$4 reference=$5 files=$6 wanted=() met='' value verdict
	shift 6
	while [ $# -gt 0 ]; do
		value=$(measured service)
		if [ "$1" = service ]; then
			wanted+=("$2 $3$unit")
		else
			wanted+=("$2 $3 of $1")
			value=$(ratio_to "$1" 4)
		fi
		if [ -n "$value" ]; then
			verdict=$(verdict "$value" "$2" "$3")
			[ "$met" = NO ] || met=$verdict
		fi
		shift 3
	done
	line "$title" "$(rounded "$(measured service)" "$decimals")$unit" "$(beside baseline)" "$(beside "$reference")" \
		"$(echo "${wanted[@]/%/,}" | sed 's/,$//; s/<=/≤/g; s/>=/≥/g; s/==/=/g')" "$met" \
		"${made_of:-$(of service | spread "$unit" "$decimals")}"
}

# For compared, whose variables they read. of <whom>: the figures; measured <whom>: their median, or nothing; ratio_to <whom>
# <decimals>: the median of the rounds' ratios, as what slows a machine down does so for a while; beside <whom>: a cell.
of() {
	local paths
	mapfile -t paths < <(compgen -G "${files//@/$1}" | sort)
	[ ${#paths[@]} = 0 ] || figures "$figure" "${paths[@]}"
}
measured() { [ -z "$(of "$1")" ] || of "$1" | median; }
ratio_to() {
	local ratios
	ratios=$(paste <(of service) <(of "$1") | awk '$2 > 0 { print $1 / $2 }')
	[ -z "$ratios" ] || rounded "$(median <<<"$ratios")" "$2"
}
beside() {
	local value share
	value=$(measured "$1")
	share=$(ratio_to "$1" 2)
	[ -z "$value" ] || echo "${share:-n/a} ($([ "$1" = baseline ] || echo "$1 ")$(rounded "$value" "$decimals")$unit)"
}

# line <figure> <reached> <of baseline> <of reference> <wanted> <met> <made of>
line() {
	printf '| %s | %s | %s | %s | %s | %s | %s |\n' "$@" >>"$work/rows"
	say "$1: $2${3:+, of baseline $3}${4:+, of $4}${5:+, wanted $5}${6:+ ($6)}"
}

table() {
	echo '| figure | reached | of baseline | of reference | wanted | met | made of |'
	echo '|---|---|---|---|---|---|---|'
	cat "$work/rows"
}
