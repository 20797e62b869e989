/* What the reader of types and inlined functions is tried on. Built by build.sh. It is not run: its variables have their values in the file. */
#include <stdbool.h>
#include <stdint.h>

enum mode { IDLE, RUNNING = 5, BROKEN = -1 };
typedef enum { RED = 1, GREEN = 2 } colour_t;

struct point {
    int16_t x, y;
};

typedef struct node {
    const struct node *next;
    char name[8];
    uint8_t weight;
} node_t;

struct flags {
    uint32_t ready : 1;
    uint32_t level : 5;
    int32_t offset : 6;
    enum mode mode : 4;
    uint16_t rest;
};

struct state {
    volatile uint32_t counter;
    enum mode mode;
    colour_t colour;
    struct point corners[2][3];
    struct flags flags;
    union {
        uint32_t word;
        uint8_t bytes[4];
    };
    union {
        float celsius;
        uint32_t raw;
    } reading;
    const char *text;
    node_t *head;
    void (*callback)(void);
    void *anything;
    double precise;
    bool on;
    char letter;
    int64_t big;
};

static node_t second = { 0, "second", 2 };
static node_t first = { &second, "first", 1 };

void nothing(void);

struct state state = {
    .counter = 41,
    .mode = RUNNING,
    .colour = GREEN,
    .corners = { { { 1, 2 }, { 3, 4 }, { 5, 6 } }, { { 7, 8 }, { 9, -10 }, { 11, 12 } } },
    .flags = { 1, 19, -7, RUNNING, 0xbeef },
    .word = 0x11223344,
    .reading.celsius = 21.5f,
    .text = "hello",
    .head = &first,
    .callback = nothing,
    .anything = &state,
    .precise = -0.125,
    .on = true,
    .letter = 'q',
    .big = -5000000000,
};
struct state *current = &state;
static uint16_t table[4] = { 10, 20, 30, 40 };
const uint8_t limits[] = { 1, 2, 3 };

void nothing(void) { }

static inline __attribute__((always_inline)) uint32_t inner(uint32_t value)
{
    return table[value & 3] + 1u;
}

static inline __attribute__((always_inline)) uint32_t outer(uint32_t value)
{
    uint32_t a = inner(value);
    return a * state.counter;
}

__attribute__((noinline)) uint32_t count(void)
{
    static uint32_t calls = 7;
    calls += outer(calls);
    return calls;
}

int main(void)
{
    while (count())
        ;
    return limits[state.counter % 3];
}
