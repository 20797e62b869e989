/* What the test kit is tried on: a console with commands, a timer tick, a boot counter in flash. Built by build.sh for riscv32-virt. */
#include "checks.h"
#include <stdint.h>

#define UART ((volatile uint8_t *)0x10000000)
#define PLIC(offset) (*(volatile uint32_t *)(0x0c000000u + (offset)))
#define MTIMECMP ((volatile uint32_t *)0x02004000)
#define MTIME ((volatile uint32_t *)0x0200bff8)
#define FLASH ((volatile uint32_t *)0x20000000)
#define TICK 1000u /* of a 10 MHz counter: 100 us */

struct sample {
    int32_t temperature;
    uint16_t humidity;
};

volatile uint32_t ticks;
volatile uint32_t led;
volatile struct sample latest = { 215, 40 };
static char line[32];
static volatile uint8_t received[64];
static volatile uint32_t received_count;
uint32_t boots;

static void put(char c)
{
    while (!(UART[5] & 0x20))
        ;
    UART[0] = (uint8_t)c;
}

void print(const char *text)
{
    while (*text)
        put(*text++);
}

void print_number(uint32_t value)
{
    char digits[10];
    int count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    while (count)
        put(digits[--count]);
}

static void set_alarm(void)
{
    uint32_t now = *MTIME;
    MTIMECMP[1] = 0;
    MTIMECMP[0] = now + TICK;
}

__attribute__((noinline)) void on_tick(void)
{
    ticks++;
    if (ticks % 10 == 0)
        led ^= 1;
}

void trap_handler(uint32_t cause)
{
    if (cause == 0x80000007u) {
        set_alarm();
        on_tick();
    } else if (cause == 0x8000000bu) {
        uint32_t source = PLIC(0x200004);
        while (UART[5] & 1)
            received[received_count++ % sizeof received] = UART[0];
        PLIC(0x200004) = source;
    } else {
        print("trap\r\n");
        for (;;)
            __asm__ volatile("wfi");
    }
}

/* CFI flash, Intel commands: each word is programmed by 0x40 and the value. */
static void flash_program(uint32_t index, uint32_t value)
{
    FLASH[index] = 0x00400040;
    FLASH[index] = value;
    FLASH[index] = 0x00ff00ff;
}

static uint32_t count_boots(void)
{
    uint32_t index = 0;
    while (index < 16 && FLASH[index] != 0xffffffffu)
        index++;
    if (index < 16)
        flash_program(index, 0x12345600u + index);
    return index + 1;
}

__attribute__((noinline)) int classify(int value)
{
    if (value < 0)
        return -1;
    if (value > 100)
        return value > 1000 ? 3 : 2;
    return 1;
}

__attribute__((noinline)) uint32_t dig(uint32_t depth)
{
    volatile uint32_t room[16];
    room[depth % 16] = depth;
    return depth == 0 ? 0 : dig(depth - 1) + room[depth % 16];
}

__attribute__((noinline)) void touch(uint32_t address)
{
    *(volatile uint32_t *)address = 1;
}

static int equal(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

__attribute__((noinline)) void execute(const char *command)
{
    if (equal(command, "temp")) {
        print("T=");
        print_number((uint32_t)latest.temperature / 10);
        put('.');
        print_number((uint32_t)latest.temperature % 10);
        print("\r\n");
    } else if (equal(command, "dig")) {
        print_number(dig(20));
        print("\r\n");
    } else if (equal(command, "classify")) {
        print_number((uint32_t)classify(7));
        print_number((uint32_t)classify(700));
        print("\r\n");
    } else if (equal(command, "crash")) {
        touch(0x40000000);
    } else if (equal(command, "check")) {
        print(checked_sum() == 5050 ? "sum ok\r\n" : "sum wrong\r\n");
    } else {
        print("what?\r\n");
    }
}

__attribute__((noinline)) void main_loop(void)
{
    static uint32_t taken;
    static uint32_t length;
    while (taken != received_count) {
        char c = (char)received[taken++ % sizeof received];
        if (c == '\r') {
            line[length] = 0;
            length = 0;
            execute(line);
        } else if (length < sizeof line - 1) {
            line[length++] = c;
        }
    }
}

int main(void)
{
    boots = count_boots();
    UART[3] = 3;
    UART[4] = 8;
    UART[1] = 1;
    PLIC(4 * 10) = 1;
    PLIC(0x2000) = 1u << 10;
    PLIC(0x200000) = 0;
    print("boot ");
    print_number(boots);
    print("\r\nready\r\n");
    set_alarm();
    __asm__ volatile("csrs mie, %0" ::"r"((1u << 11) | (1u << 7)));
    for (;;) {
        /* off while it is decided whether to sleep, or a character could come in between */
        __asm__ volatile("csrci mstatus, 8" ::: "memory");
        __asm__ volatile("wfi" ::: "memory");
        __asm__ volatile("csrsi mstatus, 8" ::: "memory");
        main_loop();
    }
}
