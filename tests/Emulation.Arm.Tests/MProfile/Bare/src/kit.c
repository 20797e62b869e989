#include "kit.h"

extern u32 data_load, data_start, data_end, bss_start, bss_end, stack_top;
handler handlers[64];

void start(void);
void entry(void);

__attribute__((section(".vectors"), used)) u32 vectors[80] = {
    (u32)&stack_top, (u32)&start, [2 ... 79] = (u32)&entry,
};

// the handler is called with what the hardware gave; its own stack frame is below the hardware's
__attribute__((naked)) void entry(void)
{
    __asm__ volatile(
        "mrs r0, msp\n"
        "mov r1, lr\n"
        "mrs r2, ipsr\n"
        "push {r4, lr}\n"
        "bl dispatch\n"
        "pop {r4, pc}\n");
}

__attribute__((used)) void dispatch(u32 *msp, u32 exc_return, u32 number)
{
    frame *f = (frame *)msp;
    if (exc_return & 4) {
#ifdef TRUSTZONE
        f = (exc_return & 0x40) ? (frame *)MRS(psp) : (frame *)MRS(psp_ns);
#else
        f = (frame *)MRS(psp);
#endif
    }
    if (number == 11 && *(uint8_t *)(f->pc - 2) == 0xfe) {
        MSR(control, MRS(control) & ~1u);
        return;
    }
    if (number < 64 && handlers[number]) {
        handlers[number](f, exc_return, number);
        return;
    }
    show("unexpected exception", number);
    show("EXC_RETURN", exc_return);
    show("pc", f->pc);
    show("xpsr", f->xpsr);
#ifdef MAINLINE
    show("CFSR", CFSR);
    show("HFSR", HFSR);
#endif
    quit();
}

void start(void)
{
    for (u32 *from = &data_load, *to = &data_start; to < &data_end;)
        *to++ = *from++;
    for (u32 *to = &bss_start; to < &bss_end;)
        *to++ = 0;
    run();
    quit();
}

static u32 call(u32 operation, const void *parameter)
{
    register u32 r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = parameter;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

void put(const char *text) { call(4, text); }

void quit(void)
{
    call(0x18, (void *)0x20026);
    for (;;)
        ;
}

void digit(char c)
{
    char text[2] = { c, 0 };
    put(text);
}

void hex(u32 value)
{
    char text[9];
    for (int i = 0; i < 8; i++)
        text[i] = "0123456789abcdef"[(value >> (28 - 4 * i)) & 15];
    text[8] = 0;
    put(text);
}

void show(const char *name, u32 value)
{
    put(name);
    put(": ");
    hex(value);
    put("\n");
}

void say(const char *name)
{
    put(name);
    put("\n");
}

void priority(u32 irq, u32 value)
{
    u32 shift = 8 * (irq & 3);
    NVIC_IPR(irq >> 2) = (NVIC_IPR(irq >> 2) & ~(255u << shift)) | (value << shift);
}

void skip(frame *f)
{
    u32 half = *(uint16_t *)(f->pc & ~1u);
    f->pc += half >> 11 >= 0x1d ? 4 : 2;
}

void show_frame(const char *name, frame *f)
{
    put(name);
    u32 *words = (u32 *)f;
    for (int i = 0; i < 8; i++) {
        put(" ");
        hex(words[i]);
    }
    put("\n");
}

u32 next_random(void)
{
    static u32 state = 0x12345678;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

__attribute__((naked)) u32 on_stack(u32 (*function)(u32), u32 argument, void *stack, u32 control)
{
    (void)function;
    (void)argument;
    (void)stack;
    (void)control;
    __asm__ volatile(
        "push {r4, lr}\n"
        "mov r4, r0\n"
        "mov r0, r1\n"
        "msr psp, r2\n"
        "msr control, r3\n"
        "isb\n"
        "blx r4\n"
        "svc 0xfe\n"
        "movs r1, #0\n"
        "msr control, r1\n"
        "isb\n"
        "pop {r4, pc}\n");
}

void report_fault(frame *f, u32 exc_return, u32 number)
{
    show("  exception", number);
    show("  EXC_RETURN", exc_return);
    show("  xPSR", f->xpsr & 0x0fffffff);
#ifdef MAINLINE
    u32 cfsr = CFSR, hfsr = HFSR;
    show("  CFSR", cfsr);
    show("  HFSR", hfsr);
    if (cfsr & 0x80)
        show("  MMFAR", MMFAR);
    if (cfsr & 0x8000)
        show("  BFAR", BFAR);
    show("  SHCSR", SHCSR);
    CFSR = cfsr;
    HFSR = hfsr;
    show("  CFSR after", CFSR);
    show("  HFSR after", HFSR);
#endif
}
