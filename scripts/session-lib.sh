# shellcheck shell=bash
# How scripts ask stretchctl for a recording and for its judgement: one place.
# To be sourced. PROGRAM may be several words (qemu-aarch64 -L ROOT stretchctl).

# Three holds of ten seconds: some exercises' sources give no dose.

# simulate_to FILE EXERCISE PROGRAM...: a recording of the simulated wearer.
simulate_to() {
	local file=$1 exercise=$2
	shift 2
	"$@" simulate --exercise "$exercise" --side left --seed 1 --prescribed-s 10 \
		--output "$file"
}

# replay_to FOLDER RECORDING EXERCISE PROGRAM...: a session folder of a recording.
replay_to() {
	local folder=$1 recording=$2 exercise=$3
	shift 3
	"$@" replay "$recording" --exercise "$exercise" --side left --output "$folder" \
		--force --quiet hold_s=10 reps=3
}

# person_to FOLDER RECORDING SIDE PROGRAM...: a standing bend of a person who stood
# in the seconds 1 to 4.
person_to() {
	local folder=$1 recording=$2 side=$3
	shift 3
	"$@" replay "$recording" --exercise standing-bend --side "$side" \
		--reference-at 1..4 --output "$folder" --force --quiet
}

# orient_to FILE RECORDING PROGRAM...: orientation row by row.
orient_to() {
	local file=$1 recording=$2
	shift 2
	"$@" orient "$recording" --output "$file"
}
