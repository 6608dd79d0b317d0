#!/usr/bin/env bash
# A gyroscope that reads 20 deg/s on every axis at rest (the worst of an MPU-6050's
# data sheet) and was never calibrated: the causal and the smoothed replay judge the
# same three holds as with a good one, and the session says what was taken off.
# shellcheck source=tests/support/tap.sh
. "$(dirname "$0")/../support/tap.sh"
plan 5

# results FOLDER: of its holds, in order.
results_of() {
	python3 - "$1" <<'PY'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1] + "/holds.csv")))
print(" ".join(r["result"] for r in rows))
PY
}

angles_agree() {
	python3 - "$1" "$2" <<'PY'
import csv, sys
a, b = ([float(r["thigh_elevation_mean_deg"]) for r in
    csv.DictReader(open(f + "/holds.csv"))] for f in sys.argv[1:])
worst = max(abs(x - y) for x, y in zip(a, b))
print(f"# worst difference of a hold's mean thigh elevation {worst:.2f} deg")
sys.exit(len(a) != 3 or len(a) != len(b) or worst > 1.0)
PY
}

for file in good biased; do
	run "$ctl" simulate --exercise lying-towel --side left --seed 1 --output "$work/$file.csv" \
		--gyr-bias "$([ $file = good ] && echo 0,0,0 || echo 20,-20,20)"
done
for how in "" --smooth; do
	for file in good biased; do
		# shellcheck disable=SC2086
		run "$ctl" replay "$work/$file.csv" --exercise lying-towel --side left \
			--output "$work/$file$how" --quiet $how reps=3
	done
	check "the same results, ${how:-causal}" \
		test "$(results_of "$work/good$how")" = "$(results_of "$work/biased$how")"
	check "the same angles, ${how:-causal}" angles_agree "$work/good$how" "$work/biased$how"
done
check "session.json says what was taken off" \
	python3 -c 'import json, sys
z = json.load(open(sys.argv[1] + "/session.json"))["gyr_first_zero_rad_s"]["thigh"]
sys.exit(max(abs(abs(v) - 0.349) for v in z) > 0.02)' "$work/biased"
