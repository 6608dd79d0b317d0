/* Recordings out; see recording.h. */
#include "recording.h"

int recording_writer_open(struct recording_writer *writer, const char *path,
	unsigned int parts, bool atomic, struct problem *problem)
{
	return csv_out_open(&writer->csv, path, raw_table(parts), atomic, problem);
}

int recording_write(struct recording_writer *writer, const struct sample *sample,
	const struct truth *truth)
{
	struct raw_row row;

	raw_row_fill(&row, sample, truth);
	return csv_out_row(&writer->csv, &row);
}

int recording_writer_close(struct recording_writer *writer, struct problem *problem)
{
	return csv_out_close(&writer->csv, problem);
}
