/* A small monitor for the virt board: shows what the machine is and looks at its memory. */
#include "hello.h"

#define FINISHER ((volatile uint32_t *)0x100000)
#define RTC ((volatile uint32_t *)0x101000)
#define MTIME ((volatile uint32_t *)0x0200bff8)
enum { POWER_OFF = 0x5555, FAIL = 0x3333, REBOOT = 0x7777 };

static struct board board;

static uint64_t mtime(void)
{
    uint32_t high, low;
    do {
        high = MTIME[1];
        low = MTIME[0];
    } while (high != MTIME[1]);
    return (uint64_t)high << 32 | low;
}

static int in_memory(uint64_t address, uint64_t length)
{
    return address >= board.memory_start && length <= board.memory_size && address - board.memory_start <= board.memory_size - length;
}

static void show_facts(void)
{
    put_text("board   ");
    put_text(board.model);
    put_text("\nharts   ");
    put_number((uint64_t)board.harts);
    put_text("\nisa     ");
    put_text(board.isa);
    put_text("\nmemory  ");
    put_number(board.memory_size >> 20);
    put_text(" MiB at 0x");
    put_hex(board.memory_start, 8);
    put_text("\n");
}

static void dump(const char *arguments)
{
    uint64_t address, count = 64;
    const char *second = next_word(arguments);
    if (!read_number(arguments, &address) || (*second && !read_number(second, &count)) || count > 4096 || !in_memory(address, count)) {
        put_text("usage: mem ADDRESS [COUNT], at most 4096 bytes of memory\n");
        return;
    }
    const volatile uint8_t *p = (const volatile uint8_t *)(uintptr_t)address;
    for (uint64_t i = 0; i < count; i++) {
        if ((i & 15) == 0) {
            put_text(i ? "\n" : "");
            put_hex(address + i, 2 * sizeof(void *));
            put_char(':');
        }
        put_char(' ');
        put_hex(p[i], 2);
    }
    put_text("\n");
}

static void show_md5(const char *arguments)
{
    uint64_t address, count;
    if (!read_number(arguments, &address) || !read_number(next_word(arguments), &count) || !in_memory(address, count)) {
        put_text("usage: md5 ADDRESS COUNT, of memory\n");
        return;
    }
    uint8_t digest[16];
    md5((const void *)(uintptr_t)address, (size_t)count, digest);
    for (int i = 0; i < 16; i++)
        put_hex(digest[i], 2);
    put_text("\n");
}

static void show_time(void)
{
    uint64_t low = RTC[0], nanoseconds = (uint64_t)RTC[1] << 32 | low;
    put_text("mtime ");
    put_number(mtime());
    put_text(" at ");
    put_number(board.timebase);
    put_text(" Hz, clock ");
    put_number(nanoseconds);
    put_text(" ns since 1970\n");
}

static void run(const char *line)
{
    const char *arguments = next_word(line);
    if (same(line, "help"))
        put_text("board               what this machine is\n"
                 "mem ADDRESS [COUNT] shows memory\n"
                 "md5 ADDRESS COUNT   digest of memory\n"
                 "time                the machine's clocks\n"
                 "reboot, poweroff\n");
    else if (same(line, "board"))
        show_facts();
    else if (starts_with(line, "mem "))
        dump(arguments);
    else if (starts_with(line, "md5 "))
        show_md5(arguments);
    else if (same(line, "time"))
        show_time();
    else if (same(line, "poweroff")) {
        put_text("bye\n");
        *FINISHER = POWER_OFF;
    } else if (same(line, "reboot"))
        *FINISHER = REBOOT;
    else if (*line)
        put_text("unknown command; try help\n");
}

void firmware_main(unsigned long hart, const void *device_tree)
{
    char line[128];
    (void)hart;
    uart_init();
    fdt_read(device_tree, &board);
    put_text("\nHello from the sample firmware\n");
    show_facts();
    put_text("type help\n");
    for (;;) {
        put_text("> ");
        get_line(line, sizeof line);
        run(line);
    }
}

void firmware_trap(unsigned long cause, unsigned long pc, unsigned long value)
{
    put_text("\ntrap: cause 0x");
    put_hex(cause, 2 * sizeof(long));
    put_text(" pc 0x");
    put_hex(pc, 2 * sizeof(long));
    put_text(" value 0x");
    put_hex(value, 2 * sizeof(long));
    put_text("\n");
    *FINISHER = 1u << 16 | FAIL;
}
