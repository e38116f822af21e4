#include "jpeg_skim.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* ITU-T T.81: markers in annex B, Huffman codes in annexes C and F. */

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words are turned around as little-endian processors need it");

#define always_inline inline __attribute__((always_inline))

enum {
    window = 10,
    run_window = 13,
    most_components = 3,
    most_blocks = 10,
    longest_block = 64 * 4 + 16, /* bytes that a block can take, and that reading it can touch */
    longest_unit = most_blocks * longest_block + 16,
    gap = 2 * longest_unit, /* between what is written and what is read */
    overlap = 1 << 16,      /* bytes of the lower part that the upper one skims, too */
    most_marks = 1 << 14,
    most_attempts = 256,
};

/* The symbol that a window of bits begins with. */
struct look {
    uint8_t length; /* of its code; 0: no code is so short */
    uint8_t bits;   /* code and extra bits */
    uint8_t step;   /* how many frequencies it is for; 0: the block ends here */
};

/* As many symbols of frequencies as begin and end within a window; the extra bits of the last may lie behind it. */
struct run {
    uint8_t bits;          /* 0: not a single one */
    uint8_t step : 7;      /* how many frequencies they are for */
    uint8_t ends : 1;      /* whether the last one ends the block */
};

struct codes {
    bool is_known, has_end;
    uint16_t end_code;
    uint8_t end_length;
    /* By length, 1 to 16: the first code, its place among the values, and one more than the last code. */
    int32_t first[17], place[17], limit[17];
    uint8_t values[256];
    struct look looks[1 << window];
    struct run runs[1 << run_window];
};

struct component {
    uint8_t id, wide, high;
    bool is_full;
    const struct codes *dc, *ac;
};

/* Bits to be read, of bytes without stuffing, behind which there are some more that mean nothing. */
struct bits {
    const uint8_t *next, *end;
    uint64_t held; /* the bits to come, from the top */
    int count;
};

/* Bits being written, to bytes without stuffing; eight bytes behind `next` may be written to at any time. */
struct output {
    uint8_t *next;
    uint64_t held; /* from the top */
    int count;
};

/* Where an MCU begins, in bits of what is read and of what is written. */
struct mark {
    long read, written, unit;
};

/* Some MCUs that are skimmed one after the other, in place: `plain` holds what is written, and from `gap` on what is
   read, both without stuffing. */
struct part {
    uint8_t *plain;
    const uint8_t *plain_end;
    /* How many MCUs were skimmed, how many bits they take now, and where the last one began or failed. */
    long units, written, reached;
    struct mark *marks;
    int mark_count;
    bool went_well;
};

struct jpeg_skim {
    const uint8_t *file, *end;
    const uint8_t *codes; /* where those of the scan begin */
    struct component components[most_components];
    int component_count, columns, rows;
    int restart_interval;
    struct codes tables[2][4];
    const struct component *blocks[most_blocks];
    int block_count;
    long units;
    /* The lower part begins at a byte somewhere in the codes; NULL: there is none. */
    const uint8_t *middle;
    _Atomic(bool) lower_is_taken;
    struct part upper, lower;
    long middle_bits; /* where the lower part begins in what the upper one reads */
};

/* ---- Codes */

/* The symbol at the top of 16 bits, and its code's length; -1: there is none. */
static int symbol_at(const struct codes *codes, unsigned bits, int *length) {
    for (int l = 1; l <= 16; l++) {
        int32_t code = (int32_t)(bits >> (16 - l));
        if (code < codes->limit[l] && code >= codes->first[l]) {
            *length = l;
            return codes->values[codes->place[l] + code - codes->first[l]];
        }
    }
    return -1;
}

/* Frequencies that a symbol of an AC table is for; 0: none, the block ends. */
static int step_of(int symbol) {
    int run = symbol >> 4, size = symbol & 15;
    return size == 0 && run != 15 ? 0 : run + 1;
}

static void look_up(struct codes *codes) {
    for (int l = 1; l <= window; l++)
        for (int32_t code = codes->first[l]; code < codes->limit[l]; code++) {
            int symbol = codes->values[codes->place[l] + code - codes->first[l]];
            struct look look = {(uint8_t)l, (uint8_t)(l + (symbol & 15)), (uint8_t)step_of(symbol)};
            for (int32_t rest = 0; rest < 1 << (window - l); rest++) codes->looks[(code << (window - l)) + rest] = look;
        }
}

static void look_up_runs(struct codes *codes) {
    for (unsigned bits = 0; bits < 1u << run_window; bits++) {
        struct run run = {0};
        while (!run.ends && run.bits < run_window && run.step < 64) {
            struct look look = codes->looks[(bits << run.bits >> (run_window - window)) & ((1u << window) - 1)];
            if (!look.length || run.bits + look.length > run_window) break;
            run.bits += look.bits;
            run.step += look.step;
            run.ends = look.step == 0;
        }
        codes->runs[bits] = run;
    }
}

/* Reads the tables of a DHT segment. */
static bool read_codes(struct jpeg_skim *scan, const uint8_t *at, const uint8_t *end) {
    while (at < end) {
        if (end - at < 17 || at[0] >> 4 > 1 || (at[0] & 15) > 3) return false;
        bool is_dc = at[0] >> 4 == 0;
        struct codes *codes = &scan->tables[at[0] >> 4][at[0] & 15];
        memset(codes, 0, sizeof *codes);
        int total = 0;
        int32_t code = 0;
        for (int l = 1; l <= 16; l++) {
            codes->first[l] = code;
            codes->place[l] = total;
            total += at[l];
            code += at[l];
            if (code > 1 << l) return false;
            codes->limit[l] = code;
            code <<= 1;
        }
        if (total > 256 || end - at < 17 + total) return false;
        memcpy(codes->values, at + 17, (size_t)total);
        for (int l = 1; l <= 16; l++)
            for (int32_t c = codes->first[l]; c < codes->limit[l]; c++) {
                int value = codes->values[codes->place[l] + c - codes->first[l]];
                if (is_dc && value > 11) return false;
                if (value == 0 && !codes->has_end) {
                    codes->has_end = true;
                    codes->end_code = (uint16_t)c;
                    codes->end_length = (uint8_t)l;
                }
            }
        look_up(codes);
        if (!is_dc) look_up_runs(codes);
        codes->is_known = true;
        at += 17 + total;
    }
    return true;
}

/* ---- Bits in, bits out */

/* Holds at least 56 bits afterwards. */
static always_inline void fill(struct bits *in) {
    uint64_t word;
    memcpy(&word, in->next, 8);
    in->held |= __builtin_bswap64(word) >> in->count;
    in->next += (63 - in->count) >> 3;
    in->count |= 56;
}

static always_inline void skip(struct bits *in, int count) {
    in->held <<= count;
    in->count -= count;
}

/* How many bits were not read; negative when more were read than there are. */
static always_inline long bits_left(const struct bits *in) { return 8 * (in->end - in->next) + in->count; }

/* Writes the upper `count` bits, 1 to 56. */
static always_inline void put(struct output *out, uint64_t bits, int count) {
    out->held |= bits >> (64 - count) << (64 - count) >> out->count;
    out->count += count;
    uint64_t word = __builtin_bswap64(out->held);
    memcpy(out->next, &word, 8);
    out->next += out->count >> 3;
    out->held <<= out->count & 56;
    out->count &= 7;
}

/* Copies codes without the zeros that stand behind FF; where the next marker is, or `stop`. */
static const uint8_t *unstuff(const uint8_t *at, const uint8_t *stop, uint8_t *plain, uint8_t **plain_end) {
    while (at < stop) {
        const uint8_t *ff = memchr(at, 0xFF, (size_t)(stop - at));
        const uint8_t *end = ff ? ff : stop;
        memcpy(plain, at, (size_t)(end - at));
        plain += end - at;
        at = end;
        if (end + 1 >= stop || end[1] != 0) break;
        *plain++ = 0xFF;
        at += 2;
    }
    *plain_end = plain;
    return at;
}

/* Copies codes with a zero behind each FF; NULL: there is no room for them. */
static uint8_t *stuff(const uint8_t *plain, const uint8_t *plain_end, uint8_t *to, const uint8_t *end) {
    while (plain < plain_end) {
        const uint8_t *ff = memchr(plain, 0xFF, (size_t)(plain_end - plain));
        size_t length = (size_t)((ff ? ff + 1 : plain_end) - plain);
        if ((size_t)(end - to) < length + 1) return NULL;
        memcpy(to, plain, length);
        to += length;
        plain += length;
        if (ff) *to++ = 0;
    }
    return to;
}

/* ---- Blocks */

/* The next symbol and how many bits it takes with its extra bits; false: there is no such code. */
static always_inline bool next_symbol(struct bits *in, const struct codes *codes, int *bits, int *step) {
    fill(in);
    struct look look = codes->looks[in->held >> (64 - window)];
    *bits = look.bits;
    *step = look.step;
    if (look.length) return true;
    int length, symbol = symbol_at(codes, (unsigned)(in->held >> 48), &length);
    if (symbol < 0) return false;
    *bits = length + (symbol & 15);
    *step = step_of(symbol);
    return true;
}

static always_inline bool copy_symbol(struct bits *in, struct output *out, const struct codes *codes, int *step) {
    int bits;
    if (!next_symbol(in, codes, &bits, step)) return false;
    put(out, in->held, bits);
    skip(in, bits);
    return true;
}

/* What a step over frequencies came to. */
enum step_result { went_on, ended, must_look };

static always_inline enum step_result skip_run(struct bits *in, const struct codes *codes, int *frequency) {
    struct run run = codes->runs[in->held >> (64 - run_window)];
    int after = *frequency + run.step;
    if (run.bits == 0 || after >= 64) return must_look;
    skip(in, run.bits);
    *frequency = after;
    return run.ends ? ended : went_on;
}

static always_inline bool skip_frequencies(struct bits *in, const struct codes *codes) {
    int frequency = 1;
    while (frequency < 64) {
        /* What was filled in once is enough for two runs of at most 28 bits. */
        fill(in);
        enum step_result result = skip_run(in, codes, &frequency);
        if (result == went_on) result = skip_run(in, codes, &frequency);
        if (result == ended) return true;
        if (result == went_on) continue;
        int bits, step;
        if (!next_symbol(in, codes, &bits, &step)) return false;
        skip(in, bits);
        if (step == 0) return true;
        frequency += step;
    }
    return frequency == 64;
}

static always_inline bool copy_frequencies(struct bits *in, struct output *out, const struct codes *codes) {
    int frequency = 1, step;
    while (frequency < 64) {
        if (!copy_symbol(in, out, codes, &step)) return false;
        if (step == 0) return true;
        frequency += step;
    }
    return frequency == 64;
}

static always_inline bool skim_block(struct bits *in, struct output *out, const struct component *component) {
    int step;
    /* A block may read behind the end, but not farther than the bytes there. */
    if (bits_left(in) <= 0) return false;
    if (!copy_symbol(in, out, component->dc, &step)) return false;
    if (!component->is_full) return copy_frequencies(in, out, component->ac);
    if (!skip_frequencies(in, component->ac)) return false;
    put(out, (uint64_t)component->ac->end_code << (64 - component->ac->end_length), component->ac->end_length);
    return true;
}

/* ---- Scans */

/* The blocks of an MCU, in their order; false: there are more than there may be. */
static bool lay_blocks(struct jpeg_skim *scan) {
    int wide = 1, high = 1, count = 0;
    if (scan->component_count == 1) {
        /* A scan of one component has one block at a time, whatever its factors say. */
        scan->blocks[count++] = &scan->components[0];
    } else {
        for (int c = 0; c < scan->component_count; c++) {
            const struct component *component = &scan->components[c];
            if (component->wide > wide) wide = component->wide;
            if (component->high > high) high = component->high;
            for (int b = 0; b < component->wide * component->high; b++) {
                if (count == most_blocks) return false;
                scan->blocks[count++] = component;
            }
        }
    }
    scan->block_count = count;
    scan->units = ((scan->columns + 8L * wide - 1) / (8 * wide)) * ((scan->rows + 8L * high - 1) / (8 * high));
    return true;
}

static bool make_room(struct part *part, size_t count) {
    if (!part->plain) part->plain = malloc(gap + count + longest_block);
    if (!part->marks) part->marks = malloc(most_marks * sizeof *part->marks);
    return part->plain && part->marks;
}

/* Skims at most so many MCUs from a bit of what is to be read until `limit` bits are read, and notes where those behind
   `noted` begin; whether all codes were good. */
static bool skim_units(const struct jpeg_skim *scan, struct part *part, long from, long units, long noted, long limit) {
    const uint8_t *start = part->plain + gap;
    struct bits in = {.next = start + (from >> 3), .end = part->plain_end};
    struct output out = {.next = part->plain};
    fill(&in);
    skip(&in, (int)(from & 7));
    part->mark_count = 0;
    for (part->units = 0; part->units < units; part->units++) {
        part->reached = 8 * (part->plain_end - start) - bits_left(&in);
        part->written = 8 * (out.next - part->plain) + out.count;
        if (part->reached >= limit) return true;
        if (part->reached >= noted && part->mark_count < most_marks)
            part->marks[part->mark_count++] = (struct mark){part->reached, part->written, part->units};
        /* What an MCU writes must not meet what is to be read, nor the MCU itself, which may be read again. */
        if (in.next - out.next < longest_unit) return false;
        for (int b = 0; b < scan->block_count; b++)
            if (!skim_block(&in, &out, scan->blocks[b])) return false;
    }
    part->reached = 8 * (part->plain_end - start) - bits_left(&in);
    part->written = 8 * (out.next - part->plain) + out.count;
    return true;
}

/* Whether all bits of a part were read but those that fill the last byte. */
static bool is_all_read(const struct part *part) {
    long left = 8 * (part->plain_end - (part->plain + gap)) - part->reached;
    return left >= 0 && left <= 7;
}

/* The writer behind the bits that a part has written. */
static struct output output_behind(const struct part *part, long written) {
    struct output out = {.next = part->plain + (written >> 3), .count = (int)(written & 7)};
    if (out.count) out.held = (uint64_t)(*out.next >> (8 - out.count)) << (64 - out.count);
    return out;
}

/* Fills the last byte with ones; the end of what was written. */
static const uint8_t *complete(struct output *out) {
    if (out->count) put(out, ~0ull, 8 - out->count);
    return out->next;
}

/* Copies what the lower part wrote from a bit on behind what the upper one wrote. */
static void append(struct output *out, const struct part *part, long from) {
    struct bits in = {.next = part->plain + (from >> 3)};
    fill(&in);
    skip(&in, (int)(from & 7));
    for (long left = part->written - from; left > 0; left -= 32) {
        int count = left < 32 ? (int)left : 32;
        fill(&in);
        put(out, in.held, count);
        skip(&in, count);
    }
}

/* Skims from the middle to the end. Codes can be read from any bit; whoever begins at a wrong one falls into step with
   the right ones after some blocks, since a code is as likely as not to end where another one does. */
static void skim_lower(struct jpeg_skim *scan) {
    struct part *part = &scan->lower;
    uint8_t *plain_end;
    const uint8_t *at = unstuff(scan->middle, scan->end, part->plain + gap, &plain_end);
    if (scan->end - at < 2 || at[1] != 0xD9) return;
    memset(plain_end, 0, longest_block);
    part->plain_end = plain_end;
    long bits = 8 * (plain_end - (part->plain + gap)), from = 0;
    for (int attempt = 0; attempt < most_attempts && from < bits && !part->went_well; attempt++) {
        part->went_well = skim_units(scan, part, from, scan->units, 0, bits - 7) && is_all_read(part);
        from = part->reached + 1;
    }
}

/* Skims from the beginning to somewhat behind the middle. */
static void skim_upper(struct jpeg_skim *scan) {
    struct part *part = &scan->upper;
    uint8_t *middle, *plain_end;
    const uint8_t *stop = scan->middle + overlap;
    while (stop[-1] == 0xFF) stop--;
    if (unstuff(scan->codes, scan->middle, part->plain + gap, &middle) != scan->middle) return;
    unstuff(scan->middle, stop, middle, &plain_end);
    memset(plain_end, 0, longest_block);
    part->plain_end = plain_end;
    scan->middle_bits = 8 * (middle - (part->plain + gap));
    long bits = 8 * (plain_end - (part->plain + gap));
    part->went_well = skim_units(scan, part, 0, scan->units, scan->middle_bits, bits - 8 * gap);
}

/* Puts the parts together at the first MCU that both have found; the end of what is written, NULL: there is none.

   What follows from a bit where an MCU begins depends on nothing before it: differences stay differences. */
static const uint8_t *join(struct jpeg_skim *scan) {
    const struct part *upper = &scan->upper, *lower = &scan->lower;
    if (!upper->went_well || !lower->went_well) return NULL;
    for (int u = 0, l = 0; u < upper->mark_count && l < lower->mark_count;) {
        struct mark above = upper->marks[u], below = lower->marks[l];
        long apart = above.read - scan->middle_bits - below.read;
        if (apart == 0) {
            if (above.unit + lower->units - below.unit != scan->units) return NULL;
            struct output out = output_behind(upper, above.written);
            append(&out, lower, below.written);
            return complete(&out);
        }
        if (apart < 0) u++; else l++;
    }
    return NULL;
}

/* Skims a scan in one go, interval by interval; the end of the file that it writes, NULL: failed. */
static uint8_t *skim_whole(struct jpeg_skim *scan, uint8_t *to, const uint8_t *to_end) {
    struct part *part = &scan->upper;
    const uint8_t *at = scan->codes;
    long left = scan->units, interval = scan->restart_interval ? scan->restart_interval : left;
    for (int restarts = 0;; restarts++) {
        uint8_t *plain_end;
        at = unstuff(at, scan->end, part->plain + gap, &plain_end);
        memset(plain_end, 0, longest_block);
        part->plain_end = plain_end;
        long units = left < interval ? left : interval, bits = 8 * (plain_end - (part->plain + gap));
        if (!skim_units(scan, part, 0, units, bits, bits) || part->units != units || !is_all_read(part)) return NULL;
        struct output out = output_behind(part, part->written);
        to = stuff(part->plain, complete(&out), to, to_end);
        left -= units;
        if (!to || scan->end - at < 2 || to_end - to < 2) return NULL;
        if (at[1] != (left ? 0xD0 + (restarts & 7) : 0xD9)) return NULL;
        memcpy(to, at, 2);
        to += 2;
        at += 2;
        if (left == 0) return to;
    }
}

/* ---- Segments */

static bool read_frame(struct jpeg_skim *scan, const uint8_t *at, size_t count) {
    if (scan->component_count || count < 6 || at[0] != 8) return false;
    scan->rows = at[1] << 8 | at[2];
    scan->columns = at[3] << 8 | at[4];
    int components = at[5], wide = 0, high = 0;
    if (!scan->rows || !scan->columns || (components != 1 && components != 3) || count != 6 + 3u * (unsigned)components)
        return false;
    for (int c = 0; c < components; c++) {
        struct component *component = &scan->components[c];
        component->id = at[6 + 3 * c];
        component->wide = at[7 + 3 * c] >> 4;
        component->high = at[7 + 3 * c] & 15;
        if (component->wide < 1 || component->wide > 4 || component->high < 1 || component->high > 4) return false;
        if (component->wide > wide) wide = component->wide;
        if (component->high > high) high = component->high;
    }
    /* A component with fewer samples than others is decoded at more than one pixel of eight by eight, from its
       frequencies; one that is full in either direction has one sample per block. */
    for (int c = 0; c < components; c++)
        scan->components[c].is_full = scan->components[c].wide == wide || scan->components[c].high == high;
    scan->component_count = components;
    return true;
}

static bool read_scan_header(struct jpeg_skim *scan, const uint8_t *at, size_t count) {
    unsigned components = (unsigned)scan->component_count;
    if (!components || count != 4 + 2 * components || at[0] != components) return false;
    for (unsigned c = 0; c < components; c++) {
        uint8_t id = at[1 + 2 * c], tables = at[2 + 2 * c];
        if (id != scan->components[c].id || tables >> 4 > 3 || (tables & 15) > 3) return false;
        scan->components[c].dc = &scan->tables[0][tables >> 4];
        scan->components[c].ac = &scan->tables[1][tables & 15];
        if (!scan->components[c].dc->is_known || !scan->components[c].ac->is_known) return false;
        if (scan->components[c].is_full && !scan->components[c].ac->has_end) return false;
    }
    const uint8_t *rest = at + 1 + 2 * components;
    return rest[0] == 0 && rest[1] == 63 && rest[2] == 0;
}

/* Reads everything before the codes; false: a file of another kind. */
static bool read_segments(struct jpeg_skim *scan, const uint8_t *file, size_t count) {
    const uint8_t *at = file + 2, *end = file + count;
    if (count < 4 || file[0] != 0xFF || file[1] != 0xD8) return false;
    while (end - at >= 4 && at[0] == 0xFF) {
        uint8_t marker = at[1];
        size_t length = (size_t)(at[2] << 8 | at[3]);
        if (marker < 0xC0 || (marker >= 0xD0 && marker <= 0xD9)) return false;
        if (length < 2 || length + 2 > (size_t)(end - at)) return false;
        const uint8_t *payload = at + 4;
        length -= 2;
        at = payload + length;
        switch (marker) {
        case 0xC0:
        case 0xC1:
            if (!read_frame(scan, payload, length)) return false;
            break;
        case 0xC4:
            if (!read_codes(scan, payload, at)) return false;
            break;
        case 0xDD:
            if (length != 2) return false;
            scan->restart_interval = payload[0] << 8 | payload[1];
            break;
        case 0xDA:
            scan->file = file;
            scan->end = end;
            scan->codes = at;
            return read_scan_header(scan, payload, length) && lay_blocks(scan);
        default:
            /* Other frames, arithmetic codes, a height that comes later. */
            if ((marker >= 0xC2 && marker <= 0xCF) || marker == 0xDC || marker == 0xDE || marker == 0xDF) return false;
        }
    }
    return false;
}

struct jpeg_skim *jpeg_skim_begin(const uint8_t *file, size_t count, bool is_shared) {
    struct jpeg_skim *scan = calloc(1, sizeof *scan);
    if (!scan) return NULL;
    if (!read_segments(scan, file, count)) goto failed;
    size_t codes = (size_t)(scan->end - scan->codes);
    if (!make_room(&scan->upper, codes)) goto failed;
    if (is_shared && codes >= 2 * overlap && scan->restart_interval == 0) {
        const uint8_t *middle = scan->codes + codes / 2;
        while (middle[-1] == 0xFF) middle--;
        scan->middle = middle;
        if (!make_room(&scan->lower, codes)) goto failed;
    }
    return scan;
failed:
    jpeg_skim_end(scan);
    return NULL;
}

void jpeg_skim_upper(struct jpeg_skim *scan) {
    if (!scan->middle) return;
    skim_upper(scan);
    jpeg_skim_lower(scan);
}

void jpeg_skim_lower(struct jpeg_skim *scan) {
    if (scan->middle && !atomic_exchange(&scan->lower_is_taken, true)) skim_lower(scan);
}

size_t jpeg_skim_write(struct jpeg_skim *scan, uint8_t *skimmed) {
    size_t before = (size_t)(scan->codes - scan->file);
    uint8_t *to = skimmed + before;
    const uint8_t *to_end = skimmed + (scan->end - scan->file);
    memcpy(skimmed, scan->file, before);
    if (!scan->middle) {
        to = skim_whole(scan, to, to_end);
        return to ? (size_t)(to - skimmed) : 0;
    }
    const uint8_t *end = join(scan);
    to = end ? stuff(scan->upper.plain, end, to, to_end) : NULL;
    if (!to || to_end - to < 2) return 0;
    *to++ = 0xFF;
    *to++ = 0xD9;
    return (size_t)(to - skimmed);
}

void jpeg_skim_end(struct jpeg_skim *scan) {
    struct part *parts[] = {&scan->upper, &scan->lower};
    for (int p = 0; p < 2; p++) {
        free(parts[p]->plain);
        free(parts[p]->marks);
    }
    free(scan);
}
