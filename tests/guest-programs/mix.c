// A little of everything an embedded program does: 16-bit matrices, an array-backed list, a state
// machine over text, and a CRC-16 that ties the results together.
#include "bench.h"

enum { Size = 24, Items = 256, TextLength = 2048 };

static int16_t s_a[Size][Size], s_b[Size][Size];
static int32_t s_product[Size][Size];
static struct { int16_t value, next; } s_items[Items];
static char s_text[TextLength + 1];

static uint16_t crc16(uint16_t crc, uint32_t value)
{
    for (int bit = 0; bit < 32; bit++, value >>= 1)
        crc = (uint16_t)((crc >> 1) ^ ((crc ^ value) & 1 ? 0xA001 : 0));
    return crc;
}

static uint16_t matrices(uint16_t crc, int16_t offset)
{
    for (int i = 0; i < Size; i++)
        for (int j = 0; j < Size; j++) {
            int32_t sum = 0;
            for (int k = 0; k < Size; k++)
                sum += (s_a[i][k] + offset) * s_b[k][j];
            s_product[i][j] = sum;
        }
    for (int i = 0; i < Size; i++)
        crc = crc16(crc, (uint32_t)s_product[i][(i * 7) % Size]);
    return crc;
}

// walks the chain for each wanted value, moving what was found to the front
static uint16_t find_and_move(uint16_t crc)
{
    int16_t head = 0;
    for (int16_t i = 0; i < Items; i++)
        s_items[i].next = (int16_t)(i + 1 < Items ? i + 1 : -1);
    for (int wanted = 0; wanted < Items; wanted += 5) {
        int16_t previous = -1, at = head, steps = 0;
        while (at >= 0 && s_items[at].value != (wanted * 11) % Items) {
            previous = at;
            at = s_items[at].next;
            steps++;
        }
        if (at >= 0 && previous >= 0) {
            s_items[previous].next = s_items[at].next;
            s_items[at].next = head;
            head = at;
        }
        crc = crc16(crc, (uint32_t)steps);
    }
    return crc;
}

enum state { Start, Sign, Integer, Point, Fraction, Exponent, ExponentDigits, Word, Invalid, States };

static enum state next_state(enum state state, char c)
{
    int digit = c >= '0' && c <= '9';
    switch (state) {
    case Start: return digit ? Integer : c == '-' || c == '+' ? Sign : c == '.' ? Point : c >= 'a' && c <= 'z' ? Word : Invalid;
    case Sign: return digit ? Integer : c == '.' ? Point : Invalid;
    case Integer: return digit ? Integer : c == '.' ? Fraction : c == 'e' ? Exponent : Invalid;
    case Point: return digit ? Fraction : Invalid;
    case Fraction: return digit ? Fraction : c == 'e' ? Exponent : Invalid;
    case Exponent: return digit || c == '-' ? ExponentDigits : Invalid;
    case ExponentDigits: return digit ? ExponentDigits : Invalid;
    case Word: return c >= 'a' && c <= 'z' ? Word : Invalid;
    default: return Invalid;
    }
}

static uint16_t scan(uint16_t crc)
{
    uint32_t ended[States] = { 0 }, entered[States] = { 0 };
    enum state state = Start;
    for (const char *c = s_text; *c; c++) {
        if (*c == ',') {
            ended[state]++;
            state = Start;
            continue;
        }
        enum state next = next_state(state, *c);
        if (next != state) entered[next]++;
        state = next;
    }
    for (int i = 0; i < States; i++)
        crc = crc16(crc16(crc, ended[i]), entered[i]);
    return crc;
}

static uint64_t unit(void)
{
    uint16_t crc = 0xFFFF;
    uint64_t sum = 0;
    for (int16_t round = 0; round < 8; round++) {
        crc = matrices(crc, round);
        crc = find_and_move(crc);
        crc = scan(crc);
        sum = bench_mix(sum, crc);
    }
    return sum;
}

int main(int argc, char **argv)
{
    static const char letters[] = "0123456789.,-e+,abx,7,3.5e1,";
    uint64_t random = 9;
    for (int i = 0; i < Size; i++)
        for (int j = 0; j < Size; j++) {
            s_a[i][j] = (int16_t)(bench_random(&random) % 401) - 200;
            s_b[i][j] = (int16_t)(bench_random(&random) % 401) - 200;
        }
    for (int i = 0; i < Items; i++)
        s_items[i].value = (int16_t)((i * 37) % Items);
    for (int i = 0; i < TextLength; i++)
        s_text[i] = letters[bench_random(&random) % (sizeof letters - 1)];
    return bench_run("mix", unit, 1500, UINT64_C(0xb185ee2449c5823e), argc, argv);
}
