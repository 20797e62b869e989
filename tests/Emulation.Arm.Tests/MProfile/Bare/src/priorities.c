// Which exceptions preempt which, in which order pending ones come, masks, grouping.
#include "kit.h"

#define LAST 8
static u32 depth;

static void trace(char kind, u32 number)
{
    digit(kind);
    digit("0123456789abcdefghijklmnopqrstuvwxyz"[number]);
    digit(' ');
}

static u32 next[64];

static void taken(frame *f, u32 exc_return, u32 number)
{
    (void)f;
    (void)exc_return;
    trace('<', number);
    depth++;
    u32 pend = next[number];
    next[number] = 0;
    if (pend) {
        NVIC_ISPR(0) = pend;
        BARRIER();
    }
    depth--;
    trace('>', number);
}

static void line(void) { put("\n"); }

static void all_pending(const char *name, u32 pend)
{
    put(name);
    put(": ");
#ifdef MAINLINE
    MSR(basepri, 0);
#endif
    MSR(primask, 1);
    NVIC_ISPR(0) = pend;
    BARRIER();
    u32 icsr = ICSR;
    MSR(primask, 0);
    BARRIER();
    line();
    show("  ICSR", icsr);
}

static u32 active_seen[4], icsr_seen, count_seen;
static void look(frame *f, u32 exc_return, u32 number)
{
    (void)f;
    (void)exc_return;
    (void)number;
    icsr_seen = ICSR;
#ifdef MAINLINE
    active_seen[0] = NVIC_IABR(0);
    active_seen[1] = SHCSR;
#endif
    count_seen++;
}

void run(void)
{
    for (u32 i = 0; i < LAST; i++)
        handlers[16 + i] = taken;
    handlers[14] = taken;
    handlers[15] = taken;
    say("priority bits");
    NVIC_IPR(0) = 0xffffffff;
    show("IPR", NVIC_IPR(0));
    SHPRW(1) = 0xffffffff;
    SHPRW(2) = 0xffffffff;
    show("SHPR2", SHPRW(1));
    show("SHPR3", SHPRW(2));
#ifdef MAINLINE
    SHPRW(0) = 0xffffffff;
    show("SHPR1", SHPRW(0));
    SHPRW(0) = 0;
    MSR(basepri, 0xff);
    show("BASEPRI", MRS(basepri));
    MSR(basepri, 0);
#endif
    SHPRW(1) = 0;
    SHPRW(2) = 0;
    NVIC_IPR(0) = 0;
    NVIC_ISER(0) = (1 << LAST) - 1;
    show("ISER", NVIC_ISER(0));
    show("ICER", NVIC_ICER(0));

    all_pending("equal priorities come by number", 0xff);
    for (u32 i = 0; i < LAST; i++)
        priority(i, 0xc0 - 0x40 * (i & 3));
    all_pending("by priority, then by number", 0xff);
    SHPRW(2) = 0x40000000 | 0x00800000;
    put("with PendSV and SysTick: ");
    MSR(primask, 1);
    NVIC_ISPR(0) = 0xff;
    ICSR = PENDSVSET | PENDSTSET;
    BARRIER();
    MSR(primask, 0);
    BARRIER();
    line();

    put("each pends the next higher one: ");
    next[16 + 0] = 1 << 1;
    next[16 + 1] = 1 << 2;
    next[16 + 2] = 1 << 3;
    NVIC_ISPR(0) = 1;
    BARRIER();
    line();
    put("a lower and an equal one wait: ");
    next[16 + 2] = (1 << 1) | (1 << 6) | (1 << 7);
    NVIC_ISPR(0) = 1 << 2;
    BARRIER();
    line();
    put("itself again: ");
    next[16 + 2] = 1 << 2;
    NVIC_ISPR(0) = 1 << 2;
    BARRIER();
    line();

    say("PRIMASK");
    MSR(primask, 1);
    NVIC_ISPR(0) = 1 << 3;
    BARRIER();
    show("  ISPR", NVIC_ISPR(0));
    show("  ICSR", ICSR);
    NVIC_ICPR(0) = 1 << 3;
    show("  ICSR after ICPR", ICSR);
    MSR(primask, 0);
    BARRIER();

    say("disabled");
    NVIC_ICER(0) = 1 << 3;
    NVIC_ISPR(0) = 1 << 3;
    BARRIER();
    show("  ISPR", NVIC_ISPR(0));
    show("  ICSR", ICSR);
    put("  then enabled: ");
    NVIC_ISER(0) = 1 << 3;
    BARRIER();
    line();

#ifdef MAINLINE
    for (u32 mask = 0; mask < 0x100; mask += 0x20) {
        put("BASEPRI ");
        hex(mask);
        put(": ");
        MSR(basepri, mask);
        NVIC_ISPR(0) = 0x0f;
        BARRIER();
        put("| ");
        MSR(basepri, 0);
        BARRIER();
        line();
    }
    MSR(basepri, 0x80);
    __asm__ volatile("msr basepri_max, %0" : : "r"(0xc0));
    show("BASEPRI_MAX with a lower priority", MRS(basepri));
    __asm__ volatile("msr basepri_max, %0" : : "r"(0x40));
    show("BASEPRI_MAX with a higher priority", MRS(basepri));
    __asm__ volatile("msr basepri_max, %0" : : "r"(0));
    show("BASEPRI_MAX with zero", MRS(basepri));
    MSR(basepri, 0);
    put("FAULTMASK: ");
    MSR(faultmask, 1);
    NVIC_ISPR(0) = 0x0f;
    BARRIER();
    put("| ");
    MSR(faultmask, 0);
    BARRIER();
    line();

    // sub-priorities order what is pending and preempt nothing
    for (u32 group = 0; group < 8; group++) {
        put("PRIGROUP ");
        AIRCR = 0x05fa0000 | (group << 8);
        hex(AIRCR);
        put(": ");
        for (u32 i = 0; i < LAST; i++)
            priority(i, 0xe0 - 0x20 * i);
        next[16 + 1] = (1 << 2) | (1 << 0);
        next[16 + 4] = 1 << 5;
        NVIC_ISPR(0) = 1 << 1;
        BARRIER();
        NVIC_ISPR(0) = 1 << 4;
        BARRIER();
        line();
    }
    AIRCR = 0x05fa0000;
    AIRCR = 0x12340700;
    show("AIRCR without the key", AIRCR);
    NVIC_IPR(0) = 0;
    NVIC_IPR(1) = 0;
    say("STIR");
    REG(0xe000ef00) = 5;
    BARRIER();
    line();
#endif

    handlers[16 + 5] = look;
    NVIC_ISPR(0) = 1 << 5;
    BARRIER();
    show("in a handler: ICSR", icsr_seen);
    show("IABR", active_seen[0]);
    show("SHCSR", active_seen[1]);
    handlers[14] = look;
    ICSR = PENDSVSET;
    BARRIER();
    show("in PendSV: ICSR", icsr_seen);
    show("SHCSR", active_seen[1]);
    show("times", count_seen);
    ICSR = PENDSTSET;
    BARRIER();
    line();
    MSR(primask, 1);
    ICSR = PENDSTSET | PENDSVSET;
    BARRIER();
    show("pending: ICSR", ICSR);
    ICSR = (1u << 27) | (1u << 25);
    show("cleared: ICSR", ICSR);
}
