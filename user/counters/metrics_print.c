// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The two formats differ in little: OpenMetrics names a counter without its
 * _total and knows units, infos and an end. Nobody reads both: the parser of
 * node_exporter's textfile collector and promtool knows the older one only.
 */
#include "metrics.h"

#include "reason.h"
#include "state_name.h"
#include "version.h"

struct writer {
	const struct metrics *metrics;
	enum metrics_format format;
	FILE *file;
};

enum kind {
	KIND_GAUGE,
	KIND_COUNTER,
	KIND_INFO,
};

static const struct {
	const char *openmetrics;
	const char *prometheus;
	const char *suffix; /* of its samples */
} kinds[] = {
	[KIND_GAUGE] = { "gauge", "gauge", "" },
	[KIND_COUNTER] = { "counter", "counter", "_total" },
	[KIND_INFO] = { "info", "gauge", "_info" },
};

/* What every sample has in common. */
struct family {
	const char *name; /* without suffix */
	enum kind kind;
	const char *unit; /* what the name ends with; or NULL */
	const char *help;
	/* Of the count of one bin: for families by pattern and reason. */
	__u64 (*of_bin)(const struct fw_count *count);
	/* One sample for each source that has one, or several. */
	void (*of_source)(const struct writer *writer, const struct family *family,
			  const struct metrics_source *source);
};

static void head(const struct writer *writer, const struct family *family)
{
	bool open = writer->format == METRICS_OPENMETRICS;
	const char *suffix = open ? "" : kinds[family->kind].suffix;

	fprintf(writer->file, "# HELP %s%s %s\n# TYPE %s%s %s\n", family->name, suffix,
		family->help, family->name, suffix,
		open ? kinds[family->kind].openmetrics : kinds[family->kind].prometheus);
	if (open && family->unit)
		fprintf(writer->file, "# UNIT %s %s\n", family->name, family->unit);
}

/* What a value of a label may not have in it. */
static void label(const struct writer *writer, const char *name, const char *value)
{
	fprintf(writer->file, "%s=\"", name);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			fputc('\\', writer->file);
		fputc(*value, writer->file);
	}
	fputc('"', writer->file);
}

/* Name and labels of a sample, up to those that @source does not say. */
static void begin(const struct writer *writer, const struct family *family,
		  const struct metrics_source *source)
{
	fprintf(writer->file, "%s%s{", family->name, kinds[family->kind].suffix);
	label(writer, "interface", source->interface);
	fputc(',', writer->file);
	label(writer, "hook", hook_names[source->hook]);
	if (writer->metrics->where) {
		fputc(',', writer->file);
		label(writer, "netns", writer->metrics->where);
	}
}

static void more(const struct writer *writer, const char *name, const char *value)
{
	fputc(',', writer->file);
	label(writer, name, value);
}

static void end(const struct writer *writer, __u64 value)
{
	fprintf(writer->file, "} %llu\n", (unsigned long long)value);
}

static void sample(const struct writer *writer, const struct family *family,
		   const struct metrics_source *source, __u64 value)
{
	begin(writer, family, source);
	end(writer, value);
}

/* Nanoseconds as seconds: no digit is lost. */
static void end_time(const struct writer *writer, __u64 nanoseconds)
{
	fprintf(writer->file, "%llu.%09llu\n", (unsigned long long)(nanoseconds / 1000000000),
		(unsigned long long)(nanoseconds % 1000000000));
}

/* --- by pattern and reason --- */

static __u64 packets(const struct fw_count *count)
{
	return count->packets;
}

static __u64 bytes(const struct fw_count *count)
{
	return count->bytes;
}

static __u64 dropped(const struct fw_count *count)
{
	return count->dropped;
}

static __u64 excepted(const struct fw_count *count)
{
	return count->excepted;
}

static void by_bin(const struct writer *writer, const struct family *family,
		   const struct metrics_source *source)
{
	const struct policy *bins = &writer->metrics->bins;

	if (!source->readable)
		return;
	for (size_t i = 0; i < bins->pattern_count + FW_REASON_COUNT; i++) {
		begin(writer, family, source);
		if (i < bins->pattern_count)
			more(writer, "pattern", bins->patterns[i].name);
		else
			more(writer, "reason", reason_texts[i - bins->pattern_count].name);
		end(writer, family->of_bin(&source->bins[i]));
	}
}

static void by_state(const struct writer *writer, const struct family *family,
		     const struct metrics_source *source)
{
	const struct policy *bins = &writer->metrics->bins;

	for (unsigned int state = 0; source->asks_states && state <= FW_STATE_UNJUDGED; state++) {
		for (size_t i = 0; i < bins->pattern_count; i++) {
			begin(writer, family, source);
			more(writer, "state", state_texts[state].name);
			more(writer, "pattern", bins->patterns[i].name);
			end(writer, family->of_bin(&source->states[state][i]));
		}
	}
}

/* --- by filter --- */

static void witness(const struct writer *writer, const struct family *family,
		    const struct metrics_source *source)
{
	if (source->readable && source->witness_known)
		sample(writer, family, source, source->witness);
}

static void attached(const struct writer *writer, const struct family *family,
		     const struct metrics_source *source)
{
	sample(writer, family, source, source->attached);
}

static void readable(const struct writer *writer, const struct family *family,
		     const struct metrics_source *source)
{
	if (source->attached)
		sample(writer, family, source, source->readable);
}

/* All of them, so that a change is seen as one. */
static void mode(const struct writer *writer, const struct family *family,
		 const struct metrics_source *source)
{
	if (!source->readable || source->hook != HOOK_XDP)
		return;
	for (enum xdp_mode it = XDP_MODE_NATIVE; it <= XDP_MODE_OFFLOAD; it++) {
		begin(writer, family, source);
		more(writer, "mode", xdp_mode_name(it));
		end(writer, source->mode == it);
	}
}

static void fallback(const struct writer *writer, const struct family *family,
		     const struct metrics_source *source)
{
	if (source->readable && source->hook == HOOK_XDP)
		sample(writer, family, source, source->fallback);
}

static void observing(const struct writer *writer, const struct family *family,
		      const struct metrics_source *source)
{
	if (source->attached)
		sample(writer, family, source, source->observe);
}

static void unconfirmed(const struct writer *writer, const struct family *family,
			const struct metrics_source *source)
{
	if (source->attached)
		sample(writer, family, source, source->unconfirmed);
}

static void exceptions(const struct writer *writer, const struct family *family,
		       const struct metrics_source *source)
{
	if (source->attached)
		sample(writer, family, source, source->exceptions);
}

static void policy(const struct writer *writer, const struct family *family,
		   const struct metrics_source *source)
{
	char hash[2 * sizeof(source->sha256) + 1];

	if (!source->readable)
		return;
	for (size_t i = 0; i < sizeof(source->sha256); i++)
		sprintf(hash + 2 * i, "%02x", source->sha256[i]);
	begin(writer, family, source);
	more(writer, "policy", source->policy);
	more(writer, "sha256", hash);
	end(writer, 1);
}

static void program(const struct writer *writer, const struct family *family,
		    const struct metrics_source *source)
{
	if (!source->readable)
		return;
	begin(writer, family, source);
	more(writer, "version", source->version);
	end(writer, 1);
}

static void since(const struct writer *writer, const struct family *family,
		  const struct metrics_source *source, __u64 time)
{
	if (!source->readable || !time)
		return;
	begin(writer, family, source);
	fputs("} ", writer->file);
	end_time(writer, time);
}

static void attached_since(const struct writer *writer, const struct family *family,
			   const struct metrics_source *source)
{
	since(writer, family, source, source->attached_since);
}

static void policy_since(const struct writer *writer, const struct family *family,
			 const struct metrics_source *source)
{
	since(writer, family, source, source->policy_since);
}

static const struct family families[] = {
	{ "flagwall_packets", KIND_COUNTER, "packets",
	  "Packets that arrived at the filter, by pattern of the built-in policy or by reason.",
	  packets, by_bin },
	{ "flagwall_bytes", KIND_COUNTER, "bytes", "Bytes of these packets: whole frames.", bytes,
	  by_bin },
	{ "flagwall_dropped_packets", KIND_COUNTER, "packets",
	  "Packets that the filter dropped, by the same patterns and reasons.", dropped, by_bin },
	{ "flagwall_excepted_packets", KIND_COUNTER, "packets",
	  "Packets that an exception of the policy let pass, by the same patterns and reasons.",
	  excepted, by_bin },
	{ "flagwall_state_packets", KIND_COUNTER, "packets",
	  "Segments that passed the patterns, by the state of their connection, where the policy asks.",
	  packets, by_state },
	{ "flagwall_state_dropped_packets", KIND_COUNTER, "packets",
	  "Segments that the filter dropped for the state of their connection.", dropped, by_state },
	{ "flagwall_interface_packets", KIND_COUNTER, "packets",
	  "Packets that the interface itself counted, received or at tc-egress sent.", NULL,
	  witness },
	{ "flagwall_attached", KIND_GAUGE, NULL,
	  "1: the filter is attached; 0: it is not, or its interface was deleted.", NULL, attached },
	{ "flagwall_readable", KIND_GAUGE, NULL,
	  "0: its pins are damaged, or of another version of flagwall: there are no counters.",
	  NULL, readable },
	{ "flagwall_mode", KIND_GAUGE, NULL, "1: the XDP mode that the filter runs in.", NULL,
	  mode },
	{ "flagwall_fallback", KIND_GAUGE, NULL,
	  "1: generic mode was taken because the driver refused native mode.", NULL, fallback },
	{ "flagwall_observing", KIND_GAUGE, NULL, "1: what the policy drops is only counted.", NULL,
	  observing },
	{ "flagwall_policy_unconfirmed", KIND_GAUGE, NULL,
	  "1: the policy in force is on trial, and goes back unless confirmed.", NULL, unconfirmed },
	{ "flagwall_policy_exceptions", KIND_GAUGE, "exceptions",
	  "Exceptions of the policy in force.", NULL, exceptions },
	{ "flagwall_policy", KIND_INFO, NULL, "The policy in force.", NULL, policy },
	{ "flagwall_program", KIND_INFO, NULL, "The version of flagwall that attached the filter.",
	  NULL, program },
	{ "flagwall_attached_timestamp_seconds", KIND_GAUGE, "seconds",
	  "When the filter was attached, in Unix time.", NULL, attached_since },
	{ "flagwall_policy_timestamp_seconds", KIND_GAUGE, "seconds",
	  "When the policy was put in force, in Unix time.", NULL, policy_since },
};

/* About who prints this, not about filters. */
static const struct family build = { "flagwall_build",
				     KIND_INFO,
				     NULL,
				     "The version of flagwall that read the counters.",
				     NULL,
				     NULL };
static const struct family read_time = { "flagwall_read_timestamp_seconds",
					 KIND_GAUGE,
					 "seconds",
					 "When the counters were read, in Unix time.",
					 NULL,
					 NULL };

void metrics_print(const struct metrics *metrics, enum metrics_format format, FILE *file)
{
	const struct writer writer = { metrics, format, file };

	head(&writer, &build);
	fputs("flagwall_build_info{", file);
	label(&writer, "version", flagwall_version);
	end(&writer, 1);
	head(&writer, &read_time);
	fprintf(file, "%s ", read_time.name);
	end_time(&writer, metrics->time);
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		head(&writer, &families[i]);
		for (int k = 0; k < metrics->count; k++)
			families[i].of_source(&writer, &families[i], &metrics->sources[k]);
	}
	if (format == METRICS_OPENMETRICS)
		fputs("# EOF\n", file);
}
