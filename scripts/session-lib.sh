# shellcheck shell=bash
# How scripts ask stretchctl for a recording and for its judgement: one place.
# To be sourced. PROGRAM may be several words (qemu-aarch64 -L ROOT stretchctl).

# simulate_to FILE EXERCISE PROGRAM...: a recording of the simulated wearer.
simulate_to() {
	local file=$1 exercise=$2
	shift 2
	"$@" simulate --exercise "$exercise" --side left --seed 1 --output "$file"
}

# replay_to FOLDER RECORDING EXERCISE PROGRAM...: a session folder of a recording.
# (Three holds, as the simulated wearer does; some exercises' sources give no number.)
replay_to() {
	local folder=$1 recording=$2 exercise=$3
	shift 3
	"$@" replay "$recording" --exercise "$exercise" --side left --output "$folder" \
		--force --quiet reps=3
}

# orient_to FILE RECORDING PROGRAM...: orientation row by row.
orient_to() {
	local file=$1 recording=$2
	shift 2
	"$@" orient "$recording" --output "$file"
}
