// Special registers, privileged and unprivileged; identification registers; what system registers store.
#include "kit.h"

static u32 process_stack[256] __attribute__((aligned(8)));

static u32 difference(u32 unused)
{
    (void)unused;
    u32 sp;
    __asm__ volatile("mov %0, sp" : "=r"(sp));
    return sp - MRS(psp);
}

#ifdef UNPRIVILEGED
static u32 seen[20];
static u32 unprivileged(u32 unused)
{
    (void)unused;
    u32 i = 0;
    __asm__ volatile("cmp r0, r0" : : : "cc");
    seen[i++] = MRS(apsr) & 0x0fffffff;
    seen[i++] = MRS(iapsr) & 0x0fffffff;
    seen[i++] = MRS(eapsr) & 0x0fffffff;
    seen[i++] = MRS(xpsr) & 0x0fffffff;
    seen[i++] = MRS(ipsr);
    seen[i++] = MRS(epsr);
    seen[i++] = MRS(primask);
    seen[i++] = MRS(control);
    seen[i++] = MRS(msp);
    seen[i++] = MRS(psp);
    MSR(control, 0);
    seen[i++] = MRS(control);
    MSR(primask, 1);
    seen[i++] = MRS(primask);
#ifdef MAINLINE
    seen[i++] = MRS(basepri);
    seen[i++] = MRS(faultmask);
    MSR(basepri, 0x40);
    MSR(faultmask, 1);
    seen[i++] = MRS(basepri);
    seen[i++] = MRS(faultmask);
#endif
    __asm__ volatile("cpsid i" : : : "memory");
    seen[i++] = MRS(primask);
    return 0;
}
#endif

#define READ(reg) show("  " #reg, MRS(reg))
#define TRY(reg, value) do { MSR(reg, value); show("  " #reg " = " #value, MRS(reg)); } while (0)

static void read_all(void)
{
    READ(apsr);
    READ(iapsr);
    READ(eapsr);
    READ(xpsr);
    READ(ipsr);
    READ(epsr);
    READ(iepsr);
    READ(primask);
    READ(control);
#ifdef MAINLINE
    READ(basepri);
    READ(basepri_max);
    READ(faultmask);
#endif
}

static void identification(void)
{
    show("CPUID", REG(0xe000ed00));
#if !defined(__ARM_ARCH_6M__)
    for (u32 a = 0xe000ed40; a < 0xe000ed80; a += 4) {
        hex(a);
        show("", REG(a));
    }
#endif
    show("MPU_TYPE", MPU_TYPE);
    show("ICTR", REG(0xe000e004) & 15);
    show("SYST_CALIB & ~TENMS", 0);
#ifdef __ARM_FP
    show("MVFR0", REG(0xe000ef40));
    show("MVFR1", REG(0xe000ef44));
    show("MVFR2", REG(0xe000ef48));
#endif
}

static void stores(const char *name, u32 address)
{
    u32 old = REG(address);
    REG(address) = 0xffffffff;
    u32 ones = REG(address);
    REG(address) = 0;
    u32 zeros = REG(address);
    REG(address) = old;
    show(name, ones);
    show("   with zeros", zeros);
}

void run(void)
{
    say("privileged");
    __asm__ volatile("movs r0, #0\n msr apsr_nzcvq, r0" : : : "r0", "cc");
    read_all();
    __asm__ volatile("ldr r0, =0xffffffff\n msr apsr_nzcvq, r0" : : : "r0", "cc");
    READ(apsr);
    READ(xpsr);
#ifdef __ARM_FEATURE_DSP
    __asm__ volatile("ldr r0, =0xffffffff\n msr apsr_nzcvqg, r0" : : : "r0", "cc");
    READ(apsr);
    __asm__ volatile("ldr r0, =0x00050000\n msr apsr_g, r0" : : : "r0", "cc");
    READ(apsr);
#endif
    __asm__ volatile("movs r0, #0\n msr apsr_nzcvq, r0" : : : "r0", "cc");
    TRY(primask, 0xffffffff);
    TRY(primask, 0);
    MSR(ipsr, 0xffffffff);
    MSR(epsr, 0xffffffff);
    READ(xpsr);
#ifdef MAINLINE
    TRY(basepri, 0xffffffff);
    TRY(basepri, 0x12);
    TRY(basepri, 0);
    TRY(faultmask, 0xffffffff);
    TRY(faultmask, 0);
#endif
    TRY(psp, 0xffffffff);
    TRY(psp, 0x20001235);
    show("  sp - psp", on_stack(difference, 0, process_stack + 256, 2));
#ifdef UNPRIVILEGED
    say("unprivileged");
    MSR(msp, MRS(msp));
    on_stack(unprivileged, 0, process_stack + 256, 3);
    static const char *const names[] = {
        "apsr", "iapsr", "eapsr", "xpsr", "ipsr", "epsr", "primask", "control", "msp", "psp", "control after a write", "primask after a write", "basepri",
        "faultmask", "basepri after a write", "faultmask after a write", "primask after cpsid",
    };
    for (u32 i = 0; i < sizeof names / sizeof *names; i++) {
        put("  ");
        show(names[i], seen[i]);
    }
    show("  primask, privileged", MRS(primask));
    show("  control, privileged", MRS(control));
#endif
    say("identification");
    identification();

    say("what is stored");
    stores("VTOR", 0xe000ed08);
    REG(0xe000ed10) = 0xffffffff;
    show("SCR", REG(0xe000ed10) & 0x16);
    REG(0xe000ed10) = 0;
    stores("SHPR2", 0xe000ed1c);
    stores("SHPR3", 0xe000ed20);
    stores("SYST_RVR", 0xe000e014);
#ifdef MAINLINE
    stores("SHPR1", 0xe000ed18);
    stores("CCR", 0xe000ed14);
    stores("MMFAR", 0xe000ed34);
    stores("BFAR", 0xe000ed38);
#ifdef __ARM_FP
    stores("CPACR", 0xe000ed88);
    stores("FPDSCR", 0xe000ef3c);
#endif
#endif
}
