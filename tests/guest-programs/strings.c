// Text handling as programs do it: C library string functions, splitting into words, numbers to text.
#include "bench.h"
#include <string.h>

enum { Words = 4000, TextSize = 64 * 1024, Table = 1024 };

static const char *const s_syllables[] = { "ka", "lo", "mer", "sin", "tu", "vend", "ri", "o", "pal", "zeth" };
static char s_text[TextSize], s_copy[TextSize];
static const char *s_table[Table];

// decimal digits by repeated division, as a small printf does
static int to_decimal(char *out, uint32_t value)
{
    char digits[12];
    int count = 0, length = 0;
    do digits[count++] = (char)('0' + value % 10);
    while (value /= 10);
    while (count) out[length++] = digits[--count];
    out[length] = 0;
    return length;
}

static void write_text(void)
{
    uint64_t random = 5;
    char *end = s_text;
    for (int i = 0; i < Words; i++) {
        if (i % 7 == 6)
            end += to_decimal(end, (uint32_t)bench_random(&random) % 100000);
        else
            for (int n = 1 + (int)(bench_random(&random) % 3); n; n--)
                end = stpcpy(end, s_syllables[bench_random(&random) % 10]);
        *end++ = i % 13 == 12 ? '\n' : ' ';
    }
    *end = 0;
}

static uint64_t count_words(uint64_t sum)
{
    int distinct = 0;
    memset(s_table, 0, sizeof s_table);
    strcpy(s_copy, s_text);
    char *rest = NULL;
    for (char *word = strtok_r(s_copy, " \n", &rest); word; word = strtok_r(NULL, " \n", &rest)) {
        uint32_t hash = 5381;
        for (const char *c = word; *c; c++)
            hash = hash * 33 + (uint8_t)*c;
        uint32_t slot = hash % Table;
        while (s_table[slot] && strcmp(s_table[slot], word) != 0 && distinct < Table - 1)
            slot = (slot + 1) % Table;
        if (!s_table[slot]) {
            s_table[slot] = word;
            distinct++;
        }
        sum += (uint64_t)strlen(word) * hash;
    }
    return bench_mix(sum, (uint64_t)distinct);
}

static uint64_t find_all(uint64_t sum, const char *needle)
{
    for (const char *hit = s_text; (hit = strstr(hit, needle)); hit++)
        sum = bench_mix(sum, (uint64_t)(hit - s_text));
    return sum;
}

static uint64_t number_lines(uint64_t sum)
{
    char line[32];
    for (uint32_t i = 0; i < 3000; i++) {
        int length = to_decimal(line, i * 2654435761u);
        sum += (uint64_t)atoll(line) * (uint64_t)length;
        length = snprintf(line, sizeof line, "%u:%x", i, i * 40503u);
        sum = bench_mix(sum, (uint64_t)line[length - 1]);
    }
    return sum;
}

static uint64_t unit(void)
{
    uint64_t sum = count_words(1);
    sum = find_all(sum, "vendri");
    sum = find_all(sum, "zethzethzeth");
    return number_lines(sum);
}

int main(int argc, char **argv)
{
    write_text();
    return bench_run("strings", unit, 250, UINT64_C(0xe2238fc1a1b12d04), argc, argv);
}
