/*
 * The offline form of the orientation filter: forward pass with a record of every
 * block, then a backward pass by modified Bryson-Frazier, which needs no inverse
 * (Bierman, Fixed interval smoothing with discrete measurements, Int. J. Control 18,
 * 1973). The adjoint `lambda` runs backwards through updates and transitions; the
 * smoothed angles are those of the filter less P lambda.
 *
 * Between blocks the correction is interpolated in time. The forgetting of what is
 * learned is a transition like any other. Noise added in a gap leaves lambda alone;
 * where angles and velocity began anew, their part of lambda ends.
 */
#include "stretch/smooth.h"

#include "stretch/orient_block.h"

#define N ORIENT_LEARNED

enum record_kind {
	RECORD_START, /* the filter (or the filter once more) begins here */
	RECORD_BEGIN, /* the end of levelling: constant correction before it */
	RECORD_BLOCK,
	RECORD_LOOSE,
	RECORD_CUT
};

struct record {
	enum record_kind kind;
	size_t end;                /* first sample that comes after it */
	struct orient_block block; /* of RECORD_BEGIN, _LOOSE, _CUT: p_angle only */
};

struct tape {
	struct record *records;
	size_t count, space;
	bool full;
};

struct angles {
	double x, y; /* rad, level frame */
};

struct orient_param smooth_default(void)
{
	struct orient_param p = orient_default();

	p.calm_m_s_sqrt_s = 0.5;
	p.speed_part_s = 0.8;
	p.scale = 0.0025;
	p.cross = 0.0015;
	return p;
}

size_t smooth_memory_size(
	const struct orient_param *p, const struct smooth_sample *samples, size_t count)
{
	double waiting_s = 0.0, run_s = 0.0, usual_s = p->gap_s;
	size_t gaps = 0;

	for (size_t k = 0; k < count; k++) {
		const struct smooth_sample *r = &samples[k];

		waiting_s += orient_interval(r->dt_s);
		if (!orient_usable(r->acc_m_s2, r->gyr_rad_s))
			continue;
		if (gaps == 0)
			gaps = 1; /* the first sample */
		else if (orient_is_gap(p, waiting_s, &usual_s) || r->gap)
			gaps++;
		else
			run_s += waiting_s;
		waiting_s = 0.0;
	}
	/* a block may close half a step early; a gap makes two records, a start one */
	run_s /= p->block_s - 0.6 * p->step_s;
	return ((size_t)run_s + 3 * gaps + 3) * sizeof(struct record);
}

static struct record *add(struct tape *tape, enum record_kind kind, size_t end)
{
	struct record *r = &tape->records[tape->count];

	if (tape->count == tape->space) {
		tape->full = true;
		return NULL;
	}
	tape->count++;
	r->kind = kind;
	r->end = end;
	return r;
}

static void add_block(struct tape *tape, size_t end, const struct orient_block *block)
{
	struct record *r = add(tape, RECORD_BLOCK, end);

	if (r)
		r->block = *block;
}

static void add_rows(struct tape *tape, enum record_kind kind, size_t end,
	const double p_angle[2][4 + N])
{
	struct record *r = add(tape, kind, end);

	if (!r)
		return;
	for (int i = 0; i < 2; i++)
		for (int k = 0; k < 4 + N; k++)
			r->block.p_angle[i][k] = p_angle[i][k];
}

/* Puts on tape what sample k did. */
static void note(struct tape *tape, size_t k, const struct orient_trace *t)
{
	if (t->restarted)
		return; /* its numbers are those that overflowed */
	if (t->block_before)
		add_block(tape, k, &t->before);
	if (t->kalman_began)
		add_rows(tape, RECORD_BEGIN, t->gap == ORIENT_WHOLE ? k + 1 : k,
			t->p_level);
	if (t->gap != ORIENT_WHOLE)
		add_rows(tape, t->gap == ORIENT_CUT ? RECORD_CUT : RECORD_LOOSE, k,
			t->p_gap);
	if (t->began)
		add(tape, RECORD_START, k);
	if (t->block_after)
		add_block(tape, k + 1, &t->after);
}

static void forwards(const struct orient_param *p, const struct smooth_sample *samples,
	size_t count, struct quat *attitude, struct tape *tape)
{
	const struct quat missing = { MISSING, MISSING, MISSING, MISSING };
	struct orient_state state;
	struct orient_trace trace;
	size_t level_start = 0;

	orient_init(&state);
	for (size_t k = 0; k < count && !tape->full; k++) {
		const struct smooth_sample *r = &samples[k];

		orient_trace_clear(&trace);
		if (r->gap)
			orient_gap(&state, p);
		orient_step_traced(&state, p, r->dt_s, r->acc_m_s2, r->gyr_rad_s, &trace);
		attitude[k] = orient_ready(&state) ? orient_quat(&state) : missing;
		if (trace.block_after)
			attitude[k] = trace.after.q_before;
		if (trace.levelled)
			for (size_t i = level_start; i < k; i++)
				attitude[i] = quat_mul(trace.turn, attitude[i]);
		if (trace.began || trace.gap == ORIENT_CUT)
			level_start = k;
		note(tape, k, &trace);
	}
}

static struct angles correction(const struct record *r, const double lambda[4 + N])
{
	struct angles a = { 0, 0 };

	for (int k = 0; k < 4 + N; k++) {
		a.x -= r->block.p_angle[0][k] * lambda[k];
		a.y -= r->block.p_angle[1][k] * lambda[k];
	}
	return a;
}

/* Corrects samples from..to, from `start` just before the first to `end` at the
 * last. */
static void spread(const struct smooth_sample *samples, size_t from, size_t to,
	struct angles start, struct angles end, struct quat *attitude)
{
	double whole_s = 0.0, t_s = 0.0;

	for (size_t k = from; k < to; k++)
		whole_s += orient_interval(samples[k].dt_s);
	for (size_t k = from; k < to; k++) {
		struct quat turn;
		double part, x, y;

		t_s += orient_interval(samples[k].dt_s);
		if (isnan(attitude[k].w))
			continue; /* not known, and so it stays */
		part = whole_s > 0.0 ? t_s / whole_s : 1.0;
		x = 0.5 * (start.x + part * (end.x - start.x));
		y = 0.5 * (start.y + part * (end.y - start.y));
		turn = (struct quat){ 1.0 - 0.5 * (x * x + y * y), x, y, 0 };
		attitude[k] = quat_unit(quat_mul(turn, attitude[k]));
	}
}

/* lambda before the block from lambda after it. */
static void back_through(const struct orient_block *b, double lambda[4 + N])
{
	double g = GRAVITY_M_S2 * b->tau_s;
	double sum[2] = { b->weighed[0], b->weighed[1] }, e[2];

	if (b->rest) {
		const double h[3] = { b->rest_up.x, b->rest_up.y, b->rest_up.z };
		double s = b->rest_weighed;

		for (int k = 0; k < 4 + N; k++)
			s += b->rest_gain[k] * lambda[k];
		for (int i = 0; i < 3; i++)
			lambda[4 + 4 * i] -= h[i] * s;
	}
	for (int i = 0; i < 2; i++)
		for (int k = 0; k < 4 + N; k++)
			sum[i] += b->gain[k][i] * lambda[k];
	for (int i = 0; i < 2; i++) {
		lambda[2 + i] -= sum[i];
		e[i] = lambda[i] + 0.5 * g * lambda[2 + i];
		lambda[i] += g * lambda[2 + i];
	}
	for (int k = 0; k < N; k++)
		lambda[4 + k] -= b->effect[0][k] * e[0] + b->effect[1][k] * e[1];
}

static void backwards(const struct smooth_sample *samples, size_t count,
	struct quat *attitude, const struct tape *tape)
{
	const struct angles none = { 0, 0 };
	double lambda[4 + N] = { 0 };
	struct angles end = none;
	bool flat = true; /* the samples after this record get `end`, all of them */
	size_t to = count;

	for (size_t i = tape->count; i-- > 0;) {
		const struct record *r = &tape->records[i];
		const struct orient_block *b = &r->block;
		struct angles here = end;

		if (r->kind == RECORD_BLOCK)
			for (int k = 0; k < N; k++)
				lambda[4 + k] *=
					k % 4 == 0 ? b->keep_bias : b->keep_matrix;
		if (!flat)
			here = correction(r, lambda);
		spread(samples, r->end, to, here, end, attitude);
		to = r->end;
		flat = r->kind != RECORD_BLOCK;
		if (flat && r->kind != RECORD_BEGIN)
			end = none; /* a levelling that was never finished */
		else
			end = correction(r, lambda);
		if (r->kind == RECORD_BLOCK) {
			end.x += b->injected_rad[0];
			end.y += b->injected_rad[1];
			back_through(b, lambda);
		} else if (r->kind != RECORD_LOOSE) {
			for (int k = 0; k < (r->kind == RECORD_START ? 4 + N : 4); k++)
				lambda[k] = 0.0;
		}
	}
}

int smooth_run(const struct orient_param *p, const struct smooth_sample *samples,
	size_t count, struct quat *attitude, void *memory, size_t size)
{
	struct tape tape = { memory, 0, size / sizeof(struct record), false };

	forwards(p, samples, count, attitude, &tape);
	if (tape.full)
		return -1;
	backwards(samples, count, attitude, &tape);
	return 0;
}
