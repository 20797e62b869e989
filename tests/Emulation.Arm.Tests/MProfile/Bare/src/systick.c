// SysTick: that it counts, reloads, sets COUNTFLAG and pends its exception.
#include "kit.h"

#define CSR REG(0xe000e010)
#define RVR REG(0xe000e014)
#define CVR REG(0xe000e018)

static volatile u32 ticks;
static void tick(frame *f, u32 exc_return, u32 number)
{
    (void)f;
    (void)exc_return;
    (void)number;
    ticks++;
    if (ticks == 3)
        CSR = 5;
}

void run(void)
{
    handlers[15] = tick;
    show("CSR", CSR);
    RVR = 0xff123456;
    show("RVR", RVR);
    RVR = 1000;
    CVR = 0x1234;
    show("CVR", CVR);
    CSR = 4;
    show("CSR", CSR);
    CSR = 5;
    u32 csr;
    while (!((csr = CSR) & 0x10000))
        ;
    show("counted", csr);
    while (CVR > 1000 || CVR == 0)
        ;
    say("in range");
    CSR = 0;
    CVR = 0;
    show("CSR after a write of CVR", CSR);
    CSR = 7;
    while (ticks < 3)
        ;
    show("ticks", ticks);
    CSR = 0;
    ICSR = 1u << 25;
    MSR(primask, 1);
    RVR = 10;
    CVR = 0;
    CSR = 7;
    while (!(ICSR & (1u << 26)))
        ;
    CSR = 0;
    show("pending", ICSR & ((1u << 26) | 0x1ff));
    ICSR = 1u << 25;
    show("cleared", ICSR & ((1u << 26) | 0x1ff));
    MSR(primask, 0);
}
