// Every instruction of the DSP extension with random operands: results, Q, GE.
#include "kit.h"

static u32 hash;
static void mix(u32 value)
{
    hash = (hash << 5 | hash >> 27) ^ value;
}

#define THREE(name)                                                                                                              \
    do {                                                                                                                         \
        hash = 0;                                                                                                                \
        for (int i = 0; i < 200; i++) {                                                                                          \
            u32 a = next_random(), b = next_random(), c = next_random(), d, flags;                                               \
            if (i % 5 == 0) a = 0x80008000;                                                                                      \
            if (i % 7 == 0) b = 0x80008000;                                                                                      \
            if (i % 11 == 0) c = 0x7fffffff;                                                                                     \
            __asm__ volatile("msr apsr_nzcvqg, %4\n mov r3, %1\n mov r4, %2\n mov r5, %3\n" name "\n mov %0, r6"                 \
                             : "=&r"(d) : "r"(a), "r"(b), "r"(c), "r"(c & 0x000f0000) : "r3", "r4", "r5", "r6", "r7", "cc");       \
            flags = MRS(apsr);                                                                                                   \
            mix(d);                                                                                                              \
            mix(flags);                                                                                                          \
        }                                                                                                                        \
        show(name, hash);                                                                                                        \
    } while (0)

// two results
#define LONG(name)                                                                                                               \
    do {                                                                                                                         \
        hash = 0;                                                                                                                \
        for (int i = 0; i < 100; i++) {                                                                                          \
            u32 a = next_random(), b = next_random(), c = next_random(), d, e;                                                   \
            if (i % 5 == 0) a = b = 0x80008000;                                                                                  \
            __asm__ volatile("mov r3, %2\n mov r4, %3\n mov r6, %4\n mov r7, %2\n" name "\n mov %0, r6\n mov %1, r7"             \
                             : "=&r"(d), "=&r"(e) : "r"(a), "r"(b), "r"(c) : "r3", "r4", "r5", "r6", "r7", "cc");                  \
            mix(d);                                                                                                              \
            mix(e);                                                                                                              \
        }                                                                                                                        \
        show(name, hash);                                                                                                        \
    } while (0)

#define LANES(p) THREE(#p "add8 r6, r3, r4"); THREE(#p "add16 r6, r3, r4"); THREE(#p "sub8 r6, r3, r4"); \
    THREE(#p "sub16 r6, r3, r4"); THREE(#p "asx r6, r3, r4"); THREE(#p "sax r6, r3, r4")

static void saturation_and_lanes(void)
{
    LANES(s); LANES(q); LANES(sh); LANES(u); LANES(uq); LANES(uh);
    THREE("sel r6, r3, r4");
    THREE("uadd8 r6, r3, r4\n sel r6, r4, r5");
    THREE("qadd r6, r3, r4"); THREE("qsub r6, r3, r4"); THREE("qdadd r6, r3, r4"); THREE("qdsub r6, r3, r4");
    THREE("ssat r6, #13, r3, lsl #2"); THREE("usat r6, #13, r3, asr #2"); THREE("ssat16 r6, #9, r3"); THREE("usat16 r6, #9, r3");
    THREE("usad8 r6, r3, r4"); THREE("usada8 r6, r3, r4, r5");
    THREE("pkhbt r6, r3, r4, lsl #7"); THREE("pkhtb r6, r3, r4, asr #9");
}

static void extension(void)
{
    THREE("sxtab r6, r3, r4, ror #8"); THREE("sxtab16 r6, r3, r4, ror #16"); THREE("sxtah r6, r3, r4, ror #24");
    THREE("uxtab r6, r3, r4"); THREE("uxtab16 r6, r3, r4, ror #8"); THREE("uxtah r6, r3, r4, ror #16");
    THREE("sxtb16 r6, r3, ror #8"); THREE("uxtb16 r6, r3, ror #24");
}

static void products(void)
{
    THREE("smlabb r6, r3, r4, r5"); THREE("smlabt r6, r3, r4, r5"); THREE("smlatb r6, r3, r4, r5"); THREE("smlatt r6, r3, r4, r5");
    THREE("smulbb r6, r3, r4"); THREE("smulbt r6, r3, r4"); THREE("smultb r6, r3, r4"); THREE("smultt r6, r3, r4");
    THREE("smlawb r6, r3, r4, r5"); THREE("smlawt r6, r3, r4, r5"); THREE("smulwb r6, r3, r4"); THREE("smulwt r6, r3, r4");
    THREE("smlad r6, r3, r4, r5"); THREE("smladx r6, r3, r4, r5"); THREE("smlsd r6, r3, r4, r5"); THREE("smlsdx r6, r3, r4, r5");
    THREE("smuad r6, r3, r4"); THREE("smuadx r6, r3, r4"); THREE("smusd r6, r3, r4"); THREE("smusdx r6, r3, r4");
    THREE("smmla r6, r3, r4, r5"); THREE("smmlar r6, r3, r4, r5"); THREE("smmls r6, r3, r4, r5"); THREE("smmlsr r6, r3, r4, r5");
    THREE("smmul r6, r3, r4"); THREE("smmulr r6, r3, r4");
}

static void long_products(void)
{
    LONG("smlalbb r6, r7, r3, r4"); LONG("smlalbt r6, r7, r3, r4"); LONG("smlaltb r6, r7, r3, r4"); LONG("smlaltt r6, r7, r3, r4");
    LONG("smlald r6, r7, r3, r4"); LONG("smlaldx r6, r7, r3, r4"); LONG("smlsld r6, r7, r3, r4"); LONG("smlsldx r6, r7, r3, r4");
    LONG("umaal r6, r7, r3, r4"); LONG("umlal r6, r7, r3, r4"); LONG("smlal r6, r7, r3, r4"); LONG("umull r6, r7, r3, r4"); LONG("smull r6, r7, r3, r4");
}

void run(void)
{
    saturation_and_lanes();
    extension();
    products();
    long_products();
}
