// Instructions of every encoding; made once by trying operands on names. See regenerate.sh.
.arch armv8.8-a+crypto+fp16+fp16fml+sha3+sm4+sb+bf16+i8mm+rng+pauth+mops+hbc
abs d1, d2
abs v1.8b, v2.8b
abs v1.16b, v2.16b
abs v1.4h, v2.4h
abs v1.8h, v2.8h
abs v1.2s, v2.2s
abs v1.4s, v2.4s
abs v1.2d, v2.2d
adc w1, w2, w3
adc x1, x2, x3
adcs w1, w2, w3
adcs x1, x2, x3
add w1, w2, w3
add w1, w2, w3, lsl #3
add w1, w2, w3, asr #3
add w1, w2, #5
add w1, w2, #0xff
add x1, x2, x3
add x1, x2, x3, lsl #3
add x1, x2, x3, asr #3
add x1, x2, #5
add x1, x2, #0xff
add x1, sp, w2, uxtw #2
add w1, w2, w3, uxtb
add x1, x2, x3, sxtx #1
add d1, d2, d3
add v1.8b, v2.8b, v3.8b
add v1.16b, v2.16b, v3.16b
add v1.4h, v2.4h, v3.4h
add v1.8h, v2.8h, v3.8h
add v1.2s, v2.2s, v3.2s
add v1.4s, v2.4s, v3.4s
add v1.2d, v2.2d, v3.2d
addhn v1.8b, v2.8h, v3.8h
addhn v1.4h, v2.4s, v3.4s
addhn v1.2s, v2.2d, v3.2d
addhn2 v1.16b, v2.8h, v3.8h
addhn2 v1.8h, v2.4s, v3.4s
addhn2 v1.4s, v2.2d, v3.2d
addp v1.8b, v2.8b, v3.8b
addp v1.16b, v2.16b, v3.16b
addp v1.4h, v2.4h, v3.4h
addp v1.8h, v2.8h, v3.8h
addp v1.2s, v2.2s, v3.2s
addp v1.4s, v2.4s, v3.4s
addp v1.2d, v2.2d, v3.2d
addp d1, v2.2d
adds w1, w2, w3
adds w1, w2, w3, lsl #3
adds w1, w2, w3, asr #3
adds w1, w2, #5
adds w1, w2, #0xff
adds x1, x2, x3
adds x1, x2, x3, lsl #3
adds x1, x2, x3, asr #3
adds x1, x2, #5
adds x1, x2, #0xff
adds x1, sp, w2, uxtw #2
adds w1, w2, w3, uxtb
adds x1, x2, x3, sxtx #1
addv b1, v2.8b
addv b1, v2.16b
addv h1, v2.4h
addv h1, v2.8h
addv s1, v2.4s
adr x1, x2
adr x1, .+8
adr x1, #0x1234
adr x1, .+0x1000
adr x1, nzcv
adr x1, fpcr
adr x1, fpsr
adr x1, tpidr_el0
adr x1, tpidrro_el0
adr x1, cntvct_el0
adr x1, cntfrq_el0
adr x1, ctr_el0
adr x1, dczid_el0
adr x1, b2
adr x1, h2
adr x1, s2
adr x1, d2
adr x1, q2
adrp x1, x2
adrp x1, .+8
adrp x1, [x2]
adrp x1, .+0x1000
adrp x1, nzcv
adrp x1, fpcr
adrp x1, fpsr
adrp x1, tpidr_el0
adrp x1, tpidrro_el0
adrp x1, cntvct_el0
adrp x1, cntfrq_el0
adrp x1, ctr_el0
adrp x1, dczid_el0
adrp x1, b2
adrp x1, h2
adrp x1, s2
adrp x1, d2
adrp x1, q2
aesd v1.16b, v2.16b
aese v1.16b, v2.16b
aesimc v1.16b, v2.16b
aesmc v1.16b, v2.16b
and w1, w2, w3
and w1, w2, w3, lsl #3
and w1, w2, w3, asr #3
and w1, w2, #0xff
and x1, x2, x3
and x1, x2, x3, lsl #3
and x1, x2, x3, asr #3
and x1, x2, #0xff
and v1.8b, v2.8b, v3.8b
and v1.16b, v2.16b, v3.16b
ands w1, w2, w3
ands w1, w2, w3, lsl #3
ands w1, w2, w3, asr #3
ands w1, w2, #0xff
ands x1, x2, x3
ands x1, x2, x3, lsl #3
ands x1, x2, x3, asr #3
ands x1, x2, #0xff
asrv w1, w2, w3
asrv x1, x2, x3
axflag
b w1
b x1
b .+16
b #0
b sy
b ish
b nshld
b c
b.eq w1
b.eq x1
b.eq .+16
b.eq #0
b.eq sy
b.eq ish
b.eq nshld
b.eq c
b.ge w1
b.ge x1
b.ge .+16
b.ge #0
b.ge sy
b.ge ish
b.ge nshld
b.ge c
b.gt w1
b.gt x1
b.gt .+16
b.gt #0
b.gt sy
b.gt ish
b.gt nshld
b.gt c
b.hi w1
b.hi x1
b.hi .+16
b.hi #0
b.hi sy
b.hi ish
b.hi nshld
b.hi c
b.hs w1
b.hs x1
b.hs .+16
b.hs #0
b.hs sy
b.hs ish
b.hs nshld
b.hs c
b.le w1
b.le x1
b.le .+16
b.le #0
b.le sy
b.le ish
b.le nshld
b.le c
b.lo w1
b.lo x1
b.lo .+16
b.lo #0
b.lo sy
b.lo ish
b.lo nshld
b.lo c
b.ls w1
b.ls x1
b.ls .+16
b.ls #0
b.ls sy
b.ls ish
b.ls nshld
b.ls c
b.lt w1
b.lt x1
b.lt .+16
b.lt #0
b.lt sy
b.lt ish
b.lt nshld
b.lt c
b.mi w1
b.mi x1
b.mi .+16
b.mi #0
b.mi sy
b.mi ish
b.mi nshld
b.mi c
b.ne w1
b.ne x1
b.ne .+16
b.ne #0
b.ne sy
b.ne ish
b.ne nshld
b.ne c
b.pl w1
b.pl x1
b.pl .+16
b.pl #0
b.pl sy
b.pl ish
b.pl nshld
b.pl c
b.vc w1
b.vc x1
b.vc .+16
b.vc #0
b.vc sy
b.vc ish
b.vc nshld
b.vc c
b.vs w1
b.vs x1
b.vs .+16
b.vs #0
b.vs sy
b.vs ish
b.vs nshld
b.vs c
bcax v1.16b, v2.16b, v3.16b, v4.16b
bfm w1, w2, #3, #5
bfm w1, w2, #0, #7
bfm w2, w3, #3, #5
bfm x1, x2, #3, #5
bfm x1, x2, #0, #7
bfm x2, x3, #3, #5
bic w1, w2, w3
bic w1, w2, w3, lsl #3
bic w1, w2, w3, asr #3
bic w1, w2, #0xff
bic x1, x2, x3
bic x1, x2, x3, lsl #3
bic x1, x2, x3, asr #3
bic x1, x2, #0xff
bic v1.8b, v2.8b, v3.8b
bic v1.16b, v2.16b, v3.16b
bic v1.4h, #1
bic v1.4h, #1, lsl #8
bic v1.8h, #1
bic v1.8h, #1, lsl #8
bic v1.2s, #1
bic v1.2s, #1, lsl #8
bic v1.4s, #1
bic v1.4s, #1, lsl #8
bics w1, w2, w3
bics w1, w2, w3, lsl #3
bics w1, w2, w3, asr #3
bics x1, x2, x3
bics x1, x2, x3, lsl #3
bics x1, x2, x3, asr #3
bif v1.8b, v2.8b, v3.8b
bif v1.16b, v2.16b, v3.16b
bit v1.8b, v2.8b, v3.8b
bit v1.16b, v2.16b, v3.16b
bl w1
bl x1
bl .+16
bl #0
bl sy
bl ish
bl nshld
bl c
blr x1
br x1
brk .+16
brk #42
brk #0
bsl v1.8b, v2.8b, v3.8b
bsl v1.16b, v2.16b, v3.16b
cas w1, w2, [x3]
cas x1, x2, [x3]
casa w1, w2, [x3]
casa x1, x2, [x3]
casab w1, w2, [x3]
casah w1, w2, [x3]
casal w1, w2, [x3]
casal x1, x2, [x3]
casalb w1, w2, [x3]
casalh w1, w2, [x3]
casb w1, w2, [x3]
cash w1, w2, [x3]
casl w1, w2, [x3]
casl x1, x2, [x3]
caslb w1, w2, [x3]
caslh w1, w2, [x3]
casp w2, w3, w4, w5, [x6]
casp x2, x3, x4, x5, [x6]
caspa w2, w3, w4, w5, [x6]
caspa x2, x3, x4, x5, [x6]
caspal w2, w3, w4, w5, [x6]
caspal x2, x3, x4, x5, [x6]
caspl w2, w3, w4, w5, [x6]
caspl x2, x3, x4, x5, [x6]
cbnz w1, w2
cbnz w1, .+8
cbnz w1, #0x1234
cbnz x1, x2
cbnz x1, .+8
cbnz x1, #0x1234
cbnz x1, .+0x1000
cbnz x1, nzcv
cbnz x1, fpcr
cbnz x1, fpsr
cbnz x1, tpidr_el0
cbnz x1, tpidrro_el0
cbnz x1, cntvct_el0
cbnz x1, cntfrq_el0
cbnz x1, ctr_el0
cbnz x1, dczid_el0
cbnz w1, b2
cbnz x1, b2
cbnz w1, h2
cbnz x1, h2
cbnz w1, s2
cbnz x1, s2
cbnz w1, d2
cbnz x1, d2
cbnz w1, q2
cbnz x1, q2
cbz w1, w2
cbz w1, .+8
cbz w1, #0x1234
cbz x1, x2
cbz x1, .+8
cbz x1, #0x1234
cbz x1, .+0x1000
cbz x1, nzcv
cbz x1, fpcr
cbz x1, fpsr
cbz x1, tpidr_el0
cbz x1, tpidrro_el0
cbz x1, cntvct_el0
cbz x1, cntfrq_el0
cbz x1, ctr_el0
cbz x1, dczid_el0
cbz w1, b2
cbz x1, b2
cbz w1, h2
cbz x1, h2
cbz w1, s2
cbz x1, s2
cbz w1, d2
cbz x1, d2
cbz w1, q2
cbz x1, q2
ccmn w1, w2, #3, ge
ccmn w1, #5, #3, ge
ccmn x1, x2, #3, ge
ccmn x1, #5, #3, ge
ccmp w1, w2, #3, ge
ccmp w1, #5, #3, ge
ccmp x1, x2, #3, ge
ccmp x1, #5, #3, ge
cfinv
clrex
clrex #0
cls w1, w2
cls x1, x2
cls v1.8b, v2.8b
cls v1.16b, v2.16b
cls v1.4h, v2.4h
cls v1.8h, v2.8h
cls v1.2s, v2.2s
cls v1.4s, v2.4s
clz w1, w2
clz x1, x2
clz v1.8b, v2.8b
clz v1.16b, v2.16b
clz v1.4h, v2.4h
clz v1.8h, v2.8h
clz v1.2s, v2.2s
clz v1.4s, v2.4s
cmeq d1, d2, d3
cmeq d1, d2, #0
cmeq v1.8b, v2.8b, v3.8b
cmeq v1.8b, v2.8b, #0
cmeq v1.16b, v2.16b, v3.16b
cmeq v1.16b, v2.16b, #0
cmeq v1.4h, v2.4h, v3.4h
cmeq v1.4h, v2.4h, #0
cmeq v1.8h, v2.8h, v3.8h
cmeq v1.8h, v2.8h, #0
cmeq v1.2s, v2.2s, v3.2s
cmeq v1.2s, v2.2s, #0
cmeq v1.4s, v2.4s, v3.4s
cmeq v1.4s, v2.4s, #0
cmeq v1.2d, v2.2d, v3.2d
cmeq v1.2d, v2.2d, #0
cmge d1, d2, d3
cmge d1, d2, #0
cmge v1.8b, v2.8b, v3.8b
cmge v1.8b, v2.8b, #0
cmge v1.16b, v2.16b, v3.16b
cmge v1.16b, v2.16b, #0
cmge v1.4h, v2.4h, v3.4h
cmge v1.4h, v2.4h, #0
cmge v1.8h, v2.8h, v3.8h
cmge v1.8h, v2.8h, #0
cmge v1.2s, v2.2s, v3.2s
cmge v1.2s, v2.2s, #0
cmge v1.4s, v2.4s, v3.4s
cmge v1.4s, v2.4s, #0
cmge v1.2d, v2.2d, v3.2d
cmge v1.2d, v2.2d, #0
cmgt d1, d2, d3
cmgt d1, d2, #0
cmgt v1.8b, v2.8b, v3.8b
cmgt v1.8b, v2.8b, #0
cmgt v1.16b, v2.16b, v3.16b
cmgt v1.16b, v2.16b, #0
cmgt v1.4h, v2.4h, v3.4h
cmgt v1.4h, v2.4h, #0
cmgt v1.8h, v2.8h, v3.8h
cmgt v1.8h, v2.8h, #0
cmgt v1.2s, v2.2s, v3.2s
cmgt v1.2s, v2.2s, #0
cmgt v1.4s, v2.4s, v3.4s
cmgt v1.4s, v2.4s, #0
cmgt v1.2d, v2.2d, v3.2d
cmgt v1.2d, v2.2d, #0
cmhi d1, d2, d3
cmhi v1.8b, v2.8b, v3.8b
cmhi v1.16b, v2.16b, v3.16b
cmhi v1.4h, v2.4h, v3.4h
cmhi v1.8h, v2.8h, v3.8h
cmhi v1.2s, v2.2s, v3.2s
cmhi v1.4s, v2.4s, v3.4s
cmhi v1.2d, v2.2d, v3.2d
cmhs d1, d2, d3
cmhs v1.8b, v2.8b, v3.8b
cmhs v1.16b, v2.16b, v3.16b
cmhs v1.4h, v2.4h, v3.4h
cmhs v1.8h, v2.8h, v3.8h
cmhs v1.2s, v2.2s, v3.2s
cmhs v1.4s, v2.4s, v3.4s
cmhs v1.2d, v2.2d, v3.2d
cmle d1, d2, #0
cmle v1.8b, v2.8b, #0
cmle v1.16b, v2.16b, #0
cmle v1.4h, v2.4h, #0
cmle v1.8h, v2.8h, #0
cmle v1.2s, v2.2s, #0
cmle v1.4s, v2.4s, #0
cmle v1.2d, v2.2d, #0
cmlt d1, d2, #0
cmlt v1.8b, v2.8b, #0
cmlt v1.16b, v2.16b, #0
cmlt v1.4h, v2.4h, #0
cmlt v1.8h, v2.8h, #0
cmlt v1.2s, v2.2s, #0
cmlt v1.4s, v2.4s, #0
cmlt v1.2d, v2.2d, #0
cmtst d1, d2, d3
cmtst v1.8b, v2.8b, v3.8b
cmtst v1.16b, v2.16b, v3.16b
cmtst v1.4h, v2.4h, v3.4h
cmtst v1.8h, v2.8h, v3.8h
cmtst v1.2s, v2.2s, v3.2s
cmtst v1.4s, v2.4s, v3.4s
cmtst v1.2d, v2.2d, v3.2d
cnt v1.8b, v2.8b
cnt v1.16b, v2.16b
crc32b w1, w2, w3
crc32cb w1, w2, w3
crc32ch w1, w2, w3
crc32cw w1, w2, w3
crc32cx w1, w2, x3
crc32h w1, w2, w3
crc32w w1, w2, w3
crc32x w1, w2, x3
csel w1, w2, w3, lt
csel x1, x2, x3, lt
csinc w1, w2, w3, lt
csinc x1, x2, x3, lt
csinv w1, w2, w3, lt
csinv x1, x2, x3, lt
csneg w1, w2, w3, lt
csneg x1, x2, x3, lt
dc zva, x1
dc cvac, x1
dc cvau, x1
dc civac, x1
dmb #0
dmb sy
dmb ish
dmb nshld
dsb #0
dsb sy
dsb ish
dsb nshld
dup b1, v2.b[1]
dup h1, v2.h[1]
dup s1, v2.s[1]
dup d1, v2.d[1]
dup v1.8b, w2
dup v1.8b, v2.b[1]
dup v1.16b, w2
dup v1.16b, v2.b[1]
dup v1.4h, w2
dup v1.4h, v2.h[1]
dup v1.8h, w2
dup v1.8h, v2.h[1]
dup v1.2s, w2
dup v1.2s, v2.s[1]
dup v1.4s, w2
dup v1.4s, v2.s[1]
dup v1.2d, x2
dup v1.2d, v2.d[1]
eon w1, w2, w3
eon w1, w2, w3, lsl #3
eon w1, w2, w3, asr #3
eon x1, x2, x3
eon x1, x2, x3, lsl #3
eon x1, x2, x3, asr #3
eor w1, w2, w3
eor w1, w2, w3, lsl #3
eor w1, w2, w3, asr #3
eor w1, w2, #0xff
eor x1, x2, x3
eor x1, x2, x3, lsl #3
eor x1, x2, x3, asr #3
eor x1, x2, #0xff
eor v1.8b, v2.8b, v3.8b
eor v1.16b, v2.16b, v3.16b
eor3 v1.16b, v2.16b, v3.16b, v4.16b
ext v1.8b, v2.8b, v3.8b, #3
ext v1.16b, v2.16b, v3.16b, #3
extr w1, w2, w3, #7
extr x1, x2, x3, #7
fabd h1, h2, h3
fabd s1, s2, s3
fabd d1, d2, d3
fabd v1.4h, v2.4h, v3.4h
fabd v1.8h, v2.8h, v3.8h
fabd v1.2s, v2.2s, v3.2s
fabd v1.4s, v2.4s, v3.4s
fabd v1.2d, v2.2d, v3.2d
fabs h1, h2
fabs s1, s2
fabs d1, d2
fabs v1.4h, v2.4h
fabs v1.8h, v2.8h
fabs v1.2s, v2.2s
fabs v1.4s, v2.4s
fabs v1.2d, v2.2d
facge h1, h2, h3
facge s1, s2, s3
facge d1, d2, d3
facge v1.4h, v2.4h, v3.4h
facge v1.8h, v2.8h, v3.8h
facge v1.2s, v2.2s, v3.2s
facge v1.4s, v2.4s, v3.4s
facge v1.2d, v2.2d, v3.2d
facgt h1, h2, h3
facgt s1, s2, s3
facgt d1, d2, d3
facgt v1.4h, v2.4h, v3.4h
facgt v1.8h, v2.8h, v3.8h
facgt v1.2s, v2.2s, v3.2s
facgt v1.4s, v2.4s, v3.4s
facgt v1.2d, v2.2d, v3.2d
fadd h1, h2, h3
fadd s1, s2, s3
fadd d1, d2, d3
fadd v1.4h, v2.4h, v3.4h
fadd v1.8h, v2.8h, v3.8h
fadd v1.2s, v2.2s, v3.2s
fadd v1.4s, v2.4s, v3.4s
fadd v1.2d, v2.2d, v3.2d
faddp v1.4h, v2.4h, v3.4h
faddp v1.8h, v2.8h, v3.8h
faddp v1.2s, v2.2s, v3.2s
faddp s1, v2.2s
faddp v1.4s, v2.4s, v3.4s
faddp v1.2d, v2.2d, v3.2d
faddp d1, v2.2d
faddp h1, v2.2h
fccmp h1, h2, #3, gt
fccmp s1, s2, #3, gt
fccmp d1, d2, #3, gt
fccmpe h1, h2, #3, gt
fccmpe s1, s2, #3, gt
fccmpe d1, d2, #3, gt
fcmeq h1, h2, h3
fcmeq h1, h2, #0
fcmeq h1, h2, #0.0
fcmeq s1, s2, s3
fcmeq s1, s2, #0
fcmeq s1, s2, #0.0
fcmeq d1, d2, d3
fcmeq d1, d2, #0
fcmeq d1, d2, #0.0
fcmeq v1.4h, v2.4h, v3.4h
fcmeq v1.4h, v2.4h, #0
fcmeq v1.4h, v2.4h, #0.0
fcmeq v1.8h, v2.8h, v3.8h
fcmeq v1.8h, v2.8h, #0
fcmeq v1.8h, v2.8h, #0.0
fcmeq v1.2s, v2.2s, v3.2s
fcmeq v1.2s, v2.2s, #0
fcmeq v1.2s, v2.2s, #0.0
fcmeq v1.4s, v2.4s, v3.4s
fcmeq v1.4s, v2.4s, #0
fcmeq v1.4s, v2.4s, #0.0
fcmeq v1.2d, v2.2d, v3.2d
fcmeq v1.2d, v2.2d, #0
fcmeq v1.2d, v2.2d, #0.0
fcmge h1, h2, h3
fcmge h1, h2, #0
fcmge h1, h2, #0.0
fcmge s1, s2, s3
fcmge s1, s2, #0
fcmge s1, s2, #0.0
fcmge d1, d2, d3
fcmge d1, d2, #0
fcmge d1, d2, #0.0
fcmge v1.4h, v2.4h, v3.4h
fcmge v1.4h, v2.4h, #0
fcmge v1.4h, v2.4h, #0.0
fcmge v1.8h, v2.8h, v3.8h
fcmge v1.8h, v2.8h, #0
fcmge v1.8h, v2.8h, #0.0
fcmge v1.2s, v2.2s, v3.2s
fcmge v1.2s, v2.2s, #0
fcmge v1.2s, v2.2s, #0.0
fcmge v1.4s, v2.4s, v3.4s
fcmge v1.4s, v2.4s, #0
fcmge v1.4s, v2.4s, #0.0
fcmge v1.2d, v2.2d, v3.2d
fcmge v1.2d, v2.2d, #0
fcmge v1.2d, v2.2d, #0.0
fcmgt h1, h2, h3
fcmgt h1, h2, #0
fcmgt h1, h2, #0.0
fcmgt s1, s2, s3
fcmgt s1, s2, #0
fcmgt s1, s2, #0.0
fcmgt d1, d2, d3
fcmgt d1, d2, #0
fcmgt d1, d2, #0.0
fcmgt v1.4h, v2.4h, v3.4h
fcmgt v1.4h, v2.4h, #0
fcmgt v1.4h, v2.4h, #0.0
fcmgt v1.8h, v2.8h, v3.8h
fcmgt v1.8h, v2.8h, #0
fcmgt v1.8h, v2.8h, #0.0
fcmgt v1.2s, v2.2s, v3.2s
fcmgt v1.2s, v2.2s, #0
fcmgt v1.2s, v2.2s, #0.0
fcmgt v1.4s, v2.4s, v3.4s
fcmgt v1.4s, v2.4s, #0
fcmgt v1.4s, v2.4s, #0.0
fcmgt v1.2d, v2.2d, v3.2d
fcmgt v1.2d, v2.2d, #0
fcmgt v1.2d, v2.2d, #0.0
fcmle h1, h2, #0
fcmle h1, h2, #0.0
fcmle s1, s2, #0
fcmle s1, s2, #0.0
fcmle d1, d2, #0
fcmle d1, d2, #0.0
fcmle v1.4h, v2.4h, #0
fcmle v1.4h, v2.4h, #0.0
fcmle v1.8h, v2.8h, #0
fcmle v1.8h, v2.8h, #0.0
fcmle v1.2s, v2.2s, #0
fcmle v1.2s, v2.2s, #0.0
fcmle v1.4s, v2.4s, #0
fcmle v1.4s, v2.4s, #0.0
fcmle v1.2d, v2.2d, #0
fcmle v1.2d, v2.2d, #0.0
fcmlt h1, h2, #0
fcmlt h1, h2, #0.0
fcmlt s1, s2, #0
fcmlt s1, s2, #0.0
fcmlt d1, d2, #0
fcmlt d1, d2, #0.0
fcmlt v1.4h, v2.4h, #0
fcmlt v1.4h, v2.4h, #0.0
fcmlt v1.8h, v2.8h, #0
fcmlt v1.8h, v2.8h, #0.0
fcmlt v1.2s, v2.2s, #0
fcmlt v1.2s, v2.2s, #0.0
fcmlt v1.4s, v2.4s, #0
fcmlt v1.4s, v2.4s, #0.0
fcmlt v1.2d, v2.2d, #0
fcmlt v1.2d, v2.2d, #0.0
fcmp h1, h2
fcmp h1, #0.0
fcmp s1, s2
fcmp s1, #0.0
fcmp d1, d2
fcmp d1, #0.0
fcmpe h1, h2
fcmpe h1, #0.0
fcmpe s1, s2
fcmpe s1, #0.0
fcmpe d1, d2
fcmpe d1, #0.0
fcsel h1, h2, h3, gt
fcsel s1, s2, s3, gt
fcsel d1, d2, d3, gt
fcvt h1, s2
fcvt h1, d2
fcvt s1, h2
fcvt s1, d2
fcvt d1, h2
fcvt d1, s2
fcvtas h1, h2
fcvtas w1, h2
fcvtas x1, h2
fcvtas s1, s2
fcvtas w1, s2
fcvtas x1, s2
fcvtas d1, d2
fcvtas w1, d2
fcvtas x1, d2
fcvtas v1.4h, v2.4h
fcvtas v1.8h, v2.8h
fcvtas v1.2s, v2.2s
fcvtas v1.4s, v2.4s
fcvtas v1.2d, v2.2d
fcvtau h1, h2
fcvtau w1, h2
fcvtau x1, h2
fcvtau s1, s2
fcvtau w1, s2
fcvtau x1, s2
fcvtau d1, d2
fcvtau w1, d2
fcvtau x1, d2
fcvtau v1.4h, v2.4h
fcvtau v1.8h, v2.8h
fcvtau v1.2s, v2.2s
fcvtau v1.4s, v2.4s
fcvtau v1.2d, v2.2d
fcvtl v1.4s, v2.4h
fcvtl v1.2d, v2.2s
fcvtl2 v1.4s, v2.8h
fcvtl2 v1.2d, v2.4s
fcvtms h1, h2
fcvtms w1, h2
fcvtms x1, h2
fcvtms s1, s2
fcvtms w1, s2
fcvtms x1, s2
fcvtms d1, d2
fcvtms w1, d2
fcvtms x1, d2
fcvtms v1.4h, v2.4h
fcvtms v1.8h, v2.8h
fcvtms v1.2s, v2.2s
fcvtms v1.4s, v2.4s
fcvtms v1.2d, v2.2d
fcvtmu h1, h2
fcvtmu w1, h2
fcvtmu x1, h2
fcvtmu s1, s2
fcvtmu w1, s2
fcvtmu x1, s2
fcvtmu d1, d2
fcvtmu w1, d2
fcvtmu x1, d2
fcvtmu v1.4h, v2.4h
fcvtmu v1.8h, v2.8h
fcvtmu v1.2s, v2.2s
fcvtmu v1.4s, v2.4s
fcvtmu v1.2d, v2.2d
fcvtn v1.4h, v2.4s
fcvtn v1.2s, v2.2d
fcvtn2 v1.8h, v2.4s
fcvtn2 v1.4s, v2.2d
fcvtns h1, h2
fcvtns w1, h2
fcvtns x1, h2
fcvtns s1, s2
fcvtns w1, s2
fcvtns x1, s2
fcvtns d1, d2
fcvtns w1, d2
fcvtns x1, d2
fcvtns v1.4h, v2.4h
fcvtns v1.8h, v2.8h
fcvtns v1.2s, v2.2s
fcvtns v1.4s, v2.4s
fcvtns v1.2d, v2.2d
fcvtnu h1, h2
fcvtnu w1, h2
fcvtnu x1, h2
fcvtnu s1, s2
fcvtnu w1, s2
fcvtnu x1, s2
fcvtnu d1, d2
fcvtnu w1, d2
fcvtnu x1, d2
fcvtnu v1.4h, v2.4h
fcvtnu v1.8h, v2.8h
fcvtnu v1.2s, v2.2s
fcvtnu v1.4s, v2.4s
fcvtnu v1.2d, v2.2d
fcvtps h1, h2
fcvtps w1, h2
fcvtps x1, h2
fcvtps s1, s2
fcvtps w1, s2
fcvtps x1, s2
fcvtps d1, d2
fcvtps w1, d2
fcvtps x1, d2
fcvtps v1.4h, v2.4h
fcvtps v1.8h, v2.8h
fcvtps v1.2s, v2.2s
fcvtps v1.4s, v2.4s
fcvtps v1.2d, v2.2d
fcvtpu h1, h2
fcvtpu w1, h2
fcvtpu x1, h2
fcvtpu s1, s2
fcvtpu w1, s2
fcvtpu x1, s2
fcvtpu d1, d2
fcvtpu w1, d2
fcvtpu x1, d2
fcvtpu v1.4h, v2.4h
fcvtpu v1.8h, v2.8h
fcvtpu v1.2s, v2.2s
fcvtpu v1.4s, v2.4s
fcvtpu v1.2d, v2.2d
fcvtxn s1, d2
fcvtxn v1.2s, v2.2d
fcvtxn2 v1.4s, v2.2d
fcvtzs h1, h2
fcvtzs h1, h2, #3
fcvtzs w1, h2
fcvtzs x1, h2
fcvtzs w1, h2, #3
fcvtzs x1, h2, #3
fcvtzs s1, s2
fcvtzs s1, s2, #3
fcvtzs w1, s2
fcvtzs x1, s2
fcvtzs w1, s2, #3
fcvtzs x1, s2, #3
fcvtzs d1, d2
fcvtzs d1, d2, #3
fcvtzs w1, d2
fcvtzs x1, d2
fcvtzs w1, d2, #3
fcvtzs x1, d2, #3
fcvtzs v1.4h, v2.4h
fcvtzs v1.4h, v2.4h, #3
fcvtzs v1.8h, v2.8h
fcvtzs v1.8h, v2.8h, #3
fcvtzs v1.2s, v2.2s
fcvtzs v1.2s, v2.2s, #3
fcvtzs v1.4s, v2.4s
fcvtzs v1.4s, v2.4s, #3
fcvtzs v1.2d, v2.2d
fcvtzs v1.2d, v2.2d, #3
fcvtzs d1, d2, #64
fcvtzu h1, h2
fcvtzu h1, h2, #3
fcvtzu w1, h2
fcvtzu x1, h2
fcvtzu w1, h2, #3
fcvtzu x1, h2, #3
fcvtzu s1, s2
fcvtzu s1, s2, #3
fcvtzu w1, s2
fcvtzu x1, s2
fcvtzu w1, s2, #3
fcvtzu x1, s2, #3
fcvtzu d1, d2
fcvtzu d1, d2, #3
fcvtzu w1, d2
fcvtzu x1, d2
fcvtzu w1, d2, #3
fcvtzu x1, d2, #3
fcvtzu v1.4h, v2.4h
fcvtzu v1.4h, v2.4h, #3
fcvtzu v1.8h, v2.8h
fcvtzu v1.8h, v2.8h, #3
fcvtzu v1.2s, v2.2s
fcvtzu v1.2s, v2.2s, #3
fcvtzu v1.4s, v2.4s
fcvtzu v1.4s, v2.4s, #3
fcvtzu v1.2d, v2.2d
fcvtzu v1.2d, v2.2d, #3
fcvtzu d1, d2, #64
fdiv h1, h2, h3
fdiv s1, s2, s3
fdiv d1, d2, d3
fdiv v1.4h, v2.4h, v3.4h
fdiv v1.8h, v2.8h, v3.8h
fdiv v1.2s, v2.2s, v3.2s
fdiv v1.4s, v2.4s, v3.4s
fdiv v1.2d, v2.2d, v3.2d
fjcvtzs w1, d2
fmadd h1, h2, h3, h4
fmadd s1, s2, s3, s4
fmadd d1, d2, d3, d4
fmax h1, h2, h3
fmax s1, s2, s3
fmax d1, d2, d3
fmax v1.4h, v2.4h, v3.4h
fmax v1.8h, v2.8h, v3.8h
fmax v1.2s, v2.2s, v3.2s
fmax v1.4s, v2.4s, v3.4s
fmax v1.2d, v2.2d, v3.2d
fmaxnm h1, h2, h3
fmaxnm s1, s2, s3
fmaxnm d1, d2, d3
fmaxnm v1.4h, v2.4h, v3.4h
fmaxnm v1.8h, v2.8h, v3.8h
fmaxnm v1.2s, v2.2s, v3.2s
fmaxnm v1.4s, v2.4s, v3.4s
fmaxnm v1.2d, v2.2d, v3.2d
fmaxnmp v1.4h, v2.4h, v3.4h
fmaxnmp v1.8h, v2.8h, v3.8h
fmaxnmp v1.2s, v2.2s, v3.2s
fmaxnmp s1, v2.2s
fmaxnmp v1.4s, v2.4s, v3.4s
fmaxnmp v1.2d, v2.2d, v3.2d
fmaxnmp d1, v2.2d
fmaxnmp h1, v2.2h
fmaxnmv h1, v2.4h
fmaxnmv h1, v2.8h
fmaxnmv s1, v2.4s
fmaxp v1.4h, v2.4h, v3.4h
fmaxp v1.8h, v2.8h, v3.8h
fmaxp v1.2s, v2.2s, v3.2s
fmaxp s1, v2.2s
fmaxp v1.4s, v2.4s, v3.4s
fmaxp v1.2d, v2.2d, v3.2d
fmaxp d1, v2.2d
fmaxp h1, v2.2h
fmaxv h1, v2.4h
fmaxv h1, v2.8h
fmaxv s1, v2.4s
fmin h1, h2, h3
fmin s1, s2, s3
fmin d1, d2, d3
fmin v1.4h, v2.4h, v3.4h
fmin v1.8h, v2.8h, v3.8h
fmin v1.2s, v2.2s, v3.2s
fmin v1.4s, v2.4s, v3.4s
fmin v1.2d, v2.2d, v3.2d
fminnm h1, h2, h3
fminnm s1, s2, s3
fminnm d1, d2, d3
fminnm v1.4h, v2.4h, v3.4h
fminnm v1.8h, v2.8h, v3.8h
fminnm v1.2s, v2.2s, v3.2s
fminnm v1.4s, v2.4s, v3.4s
fminnm v1.2d, v2.2d, v3.2d
fminnmp v1.4h, v2.4h, v3.4h
fminnmp v1.8h, v2.8h, v3.8h
fminnmp v1.2s, v2.2s, v3.2s
fminnmp s1, v2.2s
fminnmp v1.4s, v2.4s, v3.4s
fminnmp v1.2d, v2.2d, v3.2d
fminnmp d1, v2.2d
fminnmp h1, v2.2h
fminnmv h1, v2.4h
fminnmv h1, v2.8h
fminnmv s1, v2.4s
fminp v1.4h, v2.4h, v3.4h
fminp v1.8h, v2.8h, v3.8h
fminp v1.2s, v2.2s, v3.2s
fminp s1, v2.2s
fminp v1.4s, v2.4s, v3.4s
fminp v1.2d, v2.2d, v3.2d
fminp d1, v2.2d
fminp h1, v2.2h
fminv h1, v2.4h
fminv h1, v2.8h
fminv s1, v2.4s
fmla h1, h2, v3.h[1]
fmla s1, s2, v3.s[1]
fmla d1, d2, v3.d[1]
fmla v1.4h, v2.4h, v3.4h
fmla v1.4h, v2.4h, v3.h[1]
fmla v1.8h, v2.8h, v3.8h
fmla v1.8h, v2.8h, v3.h[1]
fmla v1.2s, v2.2s, v3.2s
fmla v1.2s, v2.2s, v3.s[1]
fmla v1.4s, v2.4s, v3.4s
fmla v1.4s, v2.4s, v3.s[1]
fmla v1.2d, v2.2d, v3.2d
fmla v1.2d, v2.2d, v3.d[1]
fmls h1, h2, v3.h[1]
fmls s1, s2, v3.s[1]
fmls d1, d2, v3.d[1]
fmls v1.4h, v2.4h, v3.4h
fmls v1.4h, v2.4h, v3.h[1]
fmls v1.8h, v2.8h, v3.8h
fmls v1.8h, v2.8h, v3.h[1]
fmls v1.2s, v2.2s, v3.2s
fmls v1.2s, v2.2s, v3.s[1]
fmls v1.4s, v2.4s, v3.4s
fmls v1.4s, v2.4s, v3.s[1]
fmls v1.2d, v2.2d, v3.2d
fmls v1.2d, v2.2d, v3.d[1]
fmov h1, h2
fmov h1, #1.5
fmov w1, h2
fmov x1, h2
fmov h1, w2
fmov h1, x2
fmov s1, s2
fmov s1, #1.5
fmov w1, s2
fmov s1, w2
fmov d1, d2
fmov d1, #1.5
fmov x1, d2
fmov d1, x2
fmov v1.4h, #1
fmov v1.4h, #1.5
fmov v1.8h, #1
fmov v1.8h, #1.5
fmov v1.2s, #1
fmov v1.2s, #1.5
fmov v1.4s, #1
fmov v1.4s, #1.5
fmov v1.2d, #1
fmov v1.2d, #1.5
fmov v1.d[1], x2
fmov x1, v2.d[1]
fmsub h1, h2, h3, h4
fmsub s1, s2, s3, s4
fmsub d1, d2, d3, d4
fmul h1, h2, h3
fmul h1, h2, v3.h[1]
fmul s1, s2, s3
fmul s1, s2, v3.s[1]
fmul d1, d2, d3
fmul d1, d2, v3.d[1]
fmul v1.4h, v2.4h, v3.4h
fmul v1.4h, v2.4h, v3.h[1]
fmul v1.8h, v2.8h, v3.8h
fmul v1.8h, v2.8h, v3.h[1]
fmul v1.2s, v2.2s, v3.2s
fmul v1.2s, v2.2s, v3.s[1]
fmul v1.4s, v2.4s, v3.4s
fmul v1.4s, v2.4s, v3.s[1]
fmul v1.2d, v2.2d, v3.2d
fmul v1.2d, v2.2d, v3.d[1]
fmulx h1, h2, h3
fmulx h1, h2, v3.h[1]
fmulx s1, s2, s3
fmulx s1, s2, v3.s[1]
fmulx d1, d2, d3
fmulx d1, d2, v3.d[1]
fmulx v1.4h, v2.4h, v3.4h
fmulx v1.4h, v2.4h, v3.h[1]
fmulx v1.8h, v2.8h, v3.8h
fmulx v1.8h, v2.8h, v3.h[1]
fmulx v1.2s, v2.2s, v3.2s
fmulx v1.2s, v2.2s, v3.s[1]
fmulx v1.4s, v2.4s, v3.4s
fmulx v1.4s, v2.4s, v3.s[1]
fmulx v1.2d, v2.2d, v3.2d
fmulx v1.2d, v2.2d, v3.d[1]
fneg h1, h2
fneg s1, s2
fneg d1, d2
fneg v1.4h, v2.4h
fneg v1.8h, v2.8h
fneg v1.2s, v2.2s
fneg v1.4s, v2.4s
fneg v1.2d, v2.2d
fnmadd h1, h2, h3, h4
fnmadd s1, s2, s3, s4
fnmadd d1, d2, d3, d4
fnmsub h1, h2, h3, h4
fnmsub s1, s2, s3, s4
fnmsub d1, d2, d3, d4
fnmul h1, h2, h3
fnmul s1, s2, s3
fnmul d1, d2, d3
frecpe h1, h2
frecpe s1, s2
frecpe d1, d2
frecpe v1.4h, v2.4h
frecpe v1.8h, v2.8h
frecpe v1.2s, v2.2s
frecpe v1.4s, v2.4s
frecpe v1.2d, v2.2d
frecps h1, h2, h3
frecps s1, s2, s3
frecps d1, d2, d3
frecps v1.4h, v2.4h, v3.4h
frecps v1.8h, v2.8h, v3.8h
frecps v1.2s, v2.2s, v3.2s
frecps v1.4s, v2.4s, v3.4s
frecps v1.2d, v2.2d, v3.2d
frecpx h1, h2
frecpx s1, s2
frecpx d1, d2
frint32x s1, s2
frint32x d1, d2
frint32x v1.2s, v2.2s
frint32x v1.4s, v2.4s
frint32x v1.2d, v2.2d
frint32z s1, s2
frint32z d1, d2
frint32z v1.2s, v2.2s
frint32z v1.4s, v2.4s
frint32z v1.2d, v2.2d
frint64x s1, s2
frint64x d1, d2
frint64x v1.2s, v2.2s
frint64x v1.4s, v2.4s
frint64x v1.2d, v2.2d
frint64z s1, s2
frint64z d1, d2
frint64z v1.2s, v2.2s
frint64z v1.4s, v2.4s
frint64z v1.2d, v2.2d
frinta h1, h2
frinta s1, s2
frinta d1, d2
frinta v1.4h, v2.4h
frinta v1.8h, v2.8h
frinta v1.2s, v2.2s
frinta v1.4s, v2.4s
frinta v1.2d, v2.2d
frinti h1, h2
frinti s1, s2
frinti d1, d2
frinti v1.4h, v2.4h
frinti v1.8h, v2.8h
frinti v1.2s, v2.2s
frinti v1.4s, v2.4s
frinti v1.2d, v2.2d
frintm h1, h2
frintm s1, s2
frintm d1, d2
frintm v1.4h, v2.4h
frintm v1.8h, v2.8h
frintm v1.2s, v2.2s
frintm v1.4s, v2.4s
frintm v1.2d, v2.2d
frintn h1, h2
frintn s1, s2
frintn d1, d2
frintn v1.4h, v2.4h
frintn v1.8h, v2.8h
frintn v1.2s, v2.2s
frintn v1.4s, v2.4s
frintn v1.2d, v2.2d
frintp h1, h2
frintp s1, s2
frintp d1, d2
frintp v1.4h, v2.4h
frintp v1.8h, v2.8h
frintp v1.2s, v2.2s
frintp v1.4s, v2.4s
frintp v1.2d, v2.2d
frintx h1, h2
frintx s1, s2
frintx d1, d2
frintx v1.4h, v2.4h
frintx v1.8h, v2.8h
frintx v1.2s, v2.2s
frintx v1.4s, v2.4s
frintx v1.2d, v2.2d
frintz h1, h2
frintz s1, s2
frintz d1, d2
frintz v1.4h, v2.4h
frintz v1.8h, v2.8h
frintz v1.2s, v2.2s
frintz v1.4s, v2.4s
frintz v1.2d, v2.2d
frsqrte h1, h2
frsqrte s1, s2
frsqrte d1, d2
frsqrte v1.4h, v2.4h
frsqrte v1.8h, v2.8h
frsqrte v1.2s, v2.2s
frsqrte v1.4s, v2.4s
frsqrte v1.2d, v2.2d
frsqrts h1, h2, h3
frsqrts s1, s2, s3
frsqrts d1, d2, d3
frsqrts v1.4h, v2.4h, v3.4h
frsqrts v1.8h, v2.8h, v3.8h
frsqrts v1.2s, v2.2s, v3.2s
frsqrts v1.4s, v2.4s, v3.4s
frsqrts v1.2d, v2.2d, v3.2d
fsqrt h1, h2
fsqrt s1, s2
fsqrt d1, d2
fsqrt v1.4h, v2.4h
fsqrt v1.8h, v2.8h
fsqrt v1.2s, v2.2s
fsqrt v1.4s, v2.4s
fsqrt v1.2d, v2.2d
fsub h1, h2, h3
fsub s1, s2, s3
fsub d1, d2, d3
fsub v1.4h, v2.4h, v3.4h
fsub v1.8h, v2.8h, v3.8h
fsub v1.2s, v2.2s, v3.2s
fsub v1.4s, v2.4s, v3.4s
fsub v1.2d, v2.2d, v3.2d
hint #42
hint #0
ic ivau, x1
ins v1.d[1], x2
ins v1.b[3], w2
ins v1.h[3], w2
ins v1.s[3], w2
ins v1.b[3], v2.b[1]
ins v1.d[0], v2.d[1]
isb
isb #0
isb sy
ld1 {v1.8b}, [x9]
ld1 {v1.8b}, [x9], x10
ld1 {v1.8b}, [x9], #8
ld1 {v1.b}[1], [x9]
ld1 {v1.b}[1], [x9], x10
ld1 {v1.8b, v2.8b}, [x9]
ld1 {v1.8b, v2.8b}, [x9], x10
ld1 {v1.8b, v2.8b}, [x9], #16
ld1 {v1.8b, v2.8b, v3.8b}, [x9]
ld1 {v1.8b, v2.8b, v3.8b}, [x9], x10
ld1 {v1.8b, v2.8b, v3.8b}, [x9], #24
ld1 {v1.8b, v2.8b, v3.8b, v4.8b}, [x9]
ld1 {v1.8b, v2.8b, v3.8b, v4.8b}, [x9], x10
ld1 {v1.8b, v2.8b, v3.8b, v4.8b}, [x9], #32
ld1 {v1.16b}, [x9]
ld1 {v1.16b}, [x9], x10
ld1 {v1.16b}, [x9], #16
ld1 {v1.16b, v2.16b}, [x9]
ld1 {v1.16b, v2.16b}, [x9], x10
ld1 {v1.16b, v2.16b}, [x9], #32
ld1 {v1.16b, v2.16b, v3.16b}, [x9]
ld1 {v1.16b, v2.16b, v3.16b}, [x9], x10
ld1 {v1.16b, v2.16b, v3.16b}, [x9], #48
ld1 {v1.16b, v2.16b, v3.16b, v4.16b}, [x9]
ld1 {v1.16b, v2.16b, v3.16b, v4.16b}, [x9], x10
ld1 {v1.16b, v2.16b, v3.16b, v4.16b}, [x9], #64
ld1 {v1.4h}, [x9]
ld1 {v1.4h}, [x9], x10
ld1 {v1.4h}, [x9], #8
ld1 {v1.h}[1], [x9]
ld1 {v1.h}[1], [x9], x10
ld1 {v1.4h, v2.4h}, [x9]
ld1 {v1.4h, v2.4h}, [x9], x10
ld1 {v1.4h, v2.4h}, [x9], #16
ld1 {v1.4h, v2.4h, v3.4h}, [x9]
ld1 {v1.4h, v2.4h, v3.4h}, [x9], x10
ld1 {v1.4h, v2.4h, v3.4h}, [x9], #24
ld1 {v1.4h, v2.4h, v3.4h, v4.4h}, [x9]
ld1 {v1.4h, v2.4h, v3.4h, v4.4h}, [x9], x10
ld1 {v1.4h, v2.4h, v3.4h, v4.4h}, [x9], #32
ld1 {v1.8h}, [x9]
ld1 {v1.8h}, [x9], x10
ld1 {v1.8h}, [x9], #16
ld1 {v1.8h, v2.8h}, [x9]
ld1 {v1.8h, v2.8h}, [x9], x10
ld1 {v1.8h, v2.8h}, [x9], #32
ld1 {v1.8h, v2.8h, v3.8h}, [x9]
ld1 {v1.8h, v2.8h, v3.8h}, [x9], x10
ld1 {v1.8h, v2.8h, v3.8h}, [x9], #48
ld1 {v1.8h, v2.8h, v3.8h, v4.8h}, [x9]
ld1 {v1.8h, v2.8h, v3.8h, v4.8h}, [x9], x10
ld1 {v1.8h, v2.8h, v3.8h, v4.8h}, [x9], #64
ld1 {v1.2s}, [x9]
ld1 {v1.2s}, [x9], x10
ld1 {v1.2s}, [x9], #8
ld1 {v1.s}[1], [x9]
ld1 {v1.s}[1], [x9], x10
ld1 {v1.2s, v2.2s}, [x9]
ld1 {v1.2s, v2.2s}, [x9], x10
ld1 {v1.2s, v2.2s}, [x9], #16
ld1 {v1.2s, v2.2s, v3.2s}, [x9]
ld1 {v1.2s, v2.2s, v3.2s}, [x9], x10
ld1 {v1.2s, v2.2s, v3.2s}, [x9], #24
ld1 {v1.2s, v2.2s, v3.2s, v4.2s}, [x9]
ld1 {v1.2s, v2.2s, v3.2s, v4.2s}, [x9], x10
ld1 {v1.2s, v2.2s, v3.2s, v4.2s}, [x9], #32
ld1 {v1.4s}, [x9]
ld1 {v1.4s}, [x9], x10
ld1 {v1.4s}, [x9], #16
ld1 {v1.4s, v2.4s}, [x9]
ld1 {v1.4s, v2.4s}, [x9], x10
ld1 {v1.4s, v2.4s}, [x9], #32
ld1 {v1.4s, v2.4s, v3.4s}, [x9]
ld1 {v1.4s, v2.4s, v3.4s}, [x9], x10
ld1 {v1.4s, v2.4s, v3.4s}, [x9], #48
ld1 {v1.4s, v2.4s, v3.4s, v4.4s}, [x9]
ld1 {v1.4s, v2.4s, v3.4s, v4.4s}, [x9], x10
ld1 {v1.4s, v2.4s, v3.4s, v4.4s}, [x9], #64
ld1 {v1.1d}, [x9]
ld1 {v1.1d}, [x9], x10
ld1 {v1.1d}, [x9], #8
ld1 {v1.d}[1], [x9]
ld1 {v1.d}[1], [x9], x10
ld1 {v1.1d, v2.1d}, [x9]
ld1 {v1.1d, v2.1d}, [x9], x10
ld1 {v1.1d, v2.1d}, [x9], #16
ld1 {v1.1d, v2.1d, v3.1d}, [x9]
ld1 {v1.1d, v2.1d, v3.1d}, [x9], x10
ld1 {v1.1d, v2.1d, v3.1d}, [x9], #24
ld1 {v1.1d, v2.1d, v3.1d, v4.1d}, [x9]
ld1 {v1.1d, v2.1d, v3.1d, v4.1d}, [x9], x10
ld1 {v1.1d, v2.1d, v3.1d, v4.1d}, [x9], #32
ld1 {v1.2d}, [x9]
ld1 {v1.2d}, [x9], x10
ld1 {v1.2d}, [x9], #16
ld1 {v1.2d, v2.2d}, [x9]
ld1 {v1.2d, v2.2d}, [x9], x10
ld1 {v1.2d, v2.2d}, [x9], #32
ld1 {v1.2d, v2.2d, v3.2d}, [x9]
ld1 {v1.2d, v2.2d, v3.2d}, [x9], x10
ld1 {v1.2d, v2.2d, v3.2d}, [x9], #48
ld1 {v1.2d, v2.2d, v3.2d, v4.2d}, [x9]
ld1 {v1.2d, v2.2d, v3.2d, v4.2d}, [x9], x10
ld1 {v1.2d, v2.2d, v3.2d, v4.2d}, [x9], #64
ld1r {v1.8b}, [x9]
ld1r {v1.8b}, [x9], x10
ld1r {v1.16b}, [x9]
ld1r {v1.16b}, [x9], x10
ld1r {v1.4h}, [x9]
ld1r {v1.4h}, [x9], x10
ld1r {v1.8h}, [x9]
ld1r {v1.8h}, [x9], x10
ld1r {v1.2s}, [x9]
ld1r {v1.2s}, [x9], x10
ld1r {v1.4s}, [x9]
ld1r {v1.4s}, [x9], x10
ld1r {v1.1d}, [x9]
ld1r {v1.1d}, [x9], x10
ld1r {v1.1d}, [x9], #8
ld1r {v1.2d}, [x9]
ld1r {v1.2d}, [x9], x10
ld2 {v1.8b, v2.8b}, [x9]
ld2 {v1.8b, v2.8b}, [x9], x10
ld2 {v1.8b, v2.8b}, [x9], #16
ld2 {v1.b, v2.b}[1], [x9]
ld2 {v1.b, v2.b}[1], [x9], x10
ld2 {v1.16b, v2.16b}, [x9]
ld2 {v1.16b, v2.16b}, [x9], x10
ld2 {v1.16b, v2.16b}, [x9], #32
ld2 {v1.4h, v2.4h}, [x9]
ld2 {v1.4h, v2.4h}, [x9], x10
ld2 {v1.4h, v2.4h}, [x9], #16
ld2 {v1.h, v2.h}[1], [x9]
ld2 {v1.h, v2.h}[1], [x9], x10
ld2 {v1.8h, v2.8h}, [x9]
ld2 {v1.8h, v2.8h}, [x9], x10
ld2 {v1.8h, v2.8h}, [x9], #32
ld2 {v1.2s, v2.2s}, [x9]
ld2 {v1.2s, v2.2s}, [x9], x10
ld2 {v1.2s, v2.2s}, [x9], #16
ld2 {v1.s, v2.s}[1], [x9]
ld2 {v1.s, v2.s}[1], [x9], x10
ld2 {v1.4s, v2.4s}, [x9]
ld2 {v1.4s, v2.4s}, [x9], x10
ld2 {v1.4s, v2.4s}, [x9], #32
ld2 {v1.d, v2.d}[1], [x9]
ld2 {v1.d, v2.d}[1], [x9], x10
ld2 {v1.2d, v2.2d}, [x9]
ld2 {v1.2d, v2.2d}, [x9], x10
ld2 {v1.2d, v2.2d}, [x9], #32
ld2r {v1.8b, v2.8b}, [x9]
ld2r {v1.8b, v2.8b}, [x9], x10
ld2r {v1.16b, v2.16b}, [x9]
ld2r {v1.16b, v2.16b}, [x9], x10
ld2r {v1.4h, v2.4h}, [x9]
ld2r {v1.4h, v2.4h}, [x9], x10
ld2r {v1.8h, v2.8h}, [x9]
ld2r {v1.8h, v2.8h}, [x9], x10
ld2r {v1.2s, v2.2s}, [x9]
ld2r {v1.2s, v2.2s}, [x9], x10
ld2r {v1.4s, v2.4s}, [x9]
ld2r {v1.4s, v2.4s}, [x9], x10
ld2r {v1.1d, v2.1d}, [x9]
ld2r {v1.1d, v2.1d}, [x9], x10
ld2r {v1.1d, v2.1d}, [x9], #16
ld2r {v1.2d, v2.2d}, [x9]
ld2r {v1.2d, v2.2d}, [x9], x10
ld3 {v1.8b, v2.8b, v3.8b}, [x9]
ld3 {v1.8b, v2.8b, v3.8b}, [x9], x10
ld3 {v1.8b, v2.8b, v3.8b}, [x9], #24
ld3 {v1.b, v2.b, v3.b}[1], [x9]
ld3 {v1.b, v2.b, v3.b}[1], [x9], x10
ld3 {v1.16b, v2.16b, v3.16b}, [x9]
ld3 {v1.16b, v2.16b, v3.16b}, [x9], x10
ld3 {v1.16b, v2.16b, v3.16b}, [x9], #48
ld3 {v1.4h, v2.4h, v3.4h}, [x9]
ld3 {v1.4h, v2.4h, v3.4h}, [x9], x10
ld3 {v1.4h, v2.4h, v3.4h}, [x9], #24
ld3 {v1.h, v2.h, v3.h}[1], [x9]
ld3 {v1.h, v2.h, v3.h}[1], [x9], x10
ld3 {v1.8h, v2.8h, v3.8h}, [x9]
ld3 {v1.8h, v2.8h, v3.8h}, [x9], x10
ld3 {v1.8h, v2.8h, v3.8h}, [x9], #48
ld3 {v1.2s, v2.2s, v3.2s}, [x9]
ld3 {v1.2s, v2.2s, v3.2s}, [x9], x10
ld3 {v1.2s, v2.2s, v3.2s}, [x9], #24
ld3 {v1.s, v2.s, v3.s}[1], [x9]
ld3 {v1.s, v2.s, v3.s}[1], [x9], x10
ld3 {v1.4s, v2.4s, v3.4s}, [x9]
ld3 {v1.4s, v2.4s, v3.4s}, [x9], x10
ld3 {v1.4s, v2.4s, v3.4s}, [x9], #48
ld3 {v1.d, v2.d, v3.d}[1], [x9]
ld3 {v1.d, v2.d, v3.d}[1], [x9], x10
ld3 {v1.2d, v2.2d, v3.2d}, [x9]
ld3 {v1.2d, v2.2d, v3.2d}, [x9], x10
ld3 {v1.2d, v2.2d, v3.2d}, [x9], #48
ld3r {v1.8b, v2.8b, v3.8b}, [x9]
ld3r {v1.8b, v2.8b, v3.8b}, [x9], x10
ld3r {v1.16b, v2.16b, v3.16b}, [x9]
ld3r {v1.16b, v2.16b, v3.16b}, [x9], x10
ld3r {v1.4h, v2.4h, v3.4h}, [x9]
ld3r {v1.4h, v2.4h, v3.4h}, [x9], x10
ld3r {v1.8h, v2.8h, v3.8h}, [x9]
ld3r {v1.8h, v2.8h, v3.8h}, [x9], x10
ld3r {v1.2s, v2.2s, v3.2s}, [x9]
ld3r {v1.2s, v2.2s, v3.2s}, [x9], x10
ld3r {v1.4s, v2.4s, v3.4s}, [x9]
ld3r {v1.4s, v2.4s, v3.4s}, [x9], x10
ld3r {v1.1d, v2.1d, v3.1d}, [x9]
ld3r {v1.1d, v2.1d, v3.1d}, [x9], x10
ld3r {v1.1d, v2.1d, v3.1d}, [x9], #24
ld3r {v1.2d, v2.2d, v3.2d}, [x9]
ld3r {v1.2d, v2.2d, v3.2d}, [x9], x10
ld4 {v1.8b, v2.8b, v3.8b, v4.8b}, [x9]
ld4 {v1.8b, v2.8b, v3.8b, v4.8b}, [x9], x10
ld4 {v1.8b, v2.8b, v3.8b, v4.8b}, [x9], #32
ld4 {v1.b, v2.b, v3.b, v4.b}[1], [x9]
ld4 {v1.b, v2.b, v3.b, v4.b}[1], [x9], x10
ld4 {v1.16b, v2.16b, v3.16b, v4.16b}, [x9]
ld4 {v1.16b, v2.16b, v3.16b, v4.16b}, [x9], x10
ld4 {v1.16b, v2.16b, v3.16b, v4.16b}, [x9], #64
ld4 {v1.4h, v2.4h, v3.4h, v4.4h}, [x9]
ld4 {v1.4h, v2.4h, v3.4h, v4.4h}, [x9], x10
ld4 {v1.4h, v2.4h, v3.4h, v4.4h}, [x9], #32
ld4 {v1.h, v2.h, v3.h, v4.h}[1], [x9]
ld4 {v1.h, v2.h, v3.h, v4.h}[1], [x9], x10
ld4 {v1.8h, v2.8h, v3.8h, v4.8h}, [x9]
ld4 {v1.8h, v2.8h, v3.8h, v4.8h}, [x9], x10
ld4 {v1.8h, v2.8h, v3.8h, v4.8h}, [x9], #64
ld4 {v1.2s, v2.2s, v3.2s, v4.2s}, [x9]
ld4 {v1.2s, v2.2s, v3.2s, v4.2s}, [x9], x10
ld4 {v1.2s, v2.2s, v3.2s, v4.2s}, [x9], #32
ld4 {v1.s, v2.s, v3.s, v4.s}[1], [x9]
ld4 {v1.s, v2.s, v3.s, v4.s}[1], [x9], x10
ld4 {v1.4s, v2.4s, v3.4s, v4.4s}, [x9]
ld4 {v1.4s, v2.4s, v3.4s, v4.4s}, [x9], x10
ld4 {v1.4s, v2.4s, v3.4s, v4.4s}, [x9], #64
ld4 {v1.d, v2.d, v3.d, v4.d}[1], [x9]
ld4 {v1.d, v2.d, v3.d, v4.d}[1], [x9], x10
ld4 {v1.2d, v2.2d, v3.2d, v4.2d}, [x9]
ld4 {v1.2d, v2.2d, v3.2d, v4.2d}, [x9], x10
ld4 {v1.2d, v2.2d, v3.2d, v4.2d}, [x9], #64
ld4r {v1.8b, v2.8b, v3.8b, v4.8b}, [x9]
ld4r {v1.8b, v2.8b, v3.8b, v4.8b}, [x9], x10
ld4r {v1.16b, v2.16b, v3.16b, v4.16b}, [x9]
ld4r {v1.16b, v2.16b, v3.16b, v4.16b}, [x9], x10
ld4r {v1.4h, v2.4h, v3.4h, v4.4h}, [x9]
ld4r {v1.4h, v2.4h, v3.4h, v4.4h}, [x9], x10
ld4r {v1.8h, v2.8h, v3.8h, v4.8h}, [x9]
ld4r {v1.8h, v2.8h, v3.8h, v4.8h}, [x9], x10
ld4r {v1.2s, v2.2s, v3.2s, v4.2s}, [x9]
ld4r {v1.2s, v2.2s, v3.2s, v4.2s}, [x9], x10
ld4r {v1.4s, v2.4s, v3.4s, v4.4s}, [x9]
ld4r {v1.4s, v2.4s, v3.4s, v4.4s}, [x9], x10
ld4r {v1.1d, v2.1d, v3.1d, v4.1d}, [x9]
ld4r {v1.1d, v2.1d, v3.1d, v4.1d}, [x9], x10
ld4r {v1.1d, v2.1d, v3.1d, v4.1d}, [x9], #32
ld4r {v1.2d, v2.2d, v3.2d, v4.2d}, [x9]
ld4r {v1.2d, v2.2d, v3.2d, v4.2d}, [x9], x10
ldadd w1, w2, [x3]
ldadd x1, x2, [x3]
ldadda w1, w2, [x3]
ldadda x1, x2, [x3]
ldaddab w1, w2, [x3]
ldaddah w1, w2, [x3]
ldaddal w1, w2, [x3]
ldaddal x1, x2, [x3]
ldaddalb w1, w2, [x3]
ldaddalh w1, w2, [x3]
ldaddb w1, w2, [x3]
ldaddh w1, w2, [x3]
ldaddl w1, w2, [x3]
ldaddl x1, x2, [x3]
ldaddlb w1, w2, [x3]
ldaddlh w1, w2, [x3]
ldapr w1, [x2]
ldapr x1, [x2]
ldaprb w1, [x2]
ldaprh w1, [x2]
ldapur w1, [x2]
ldapur w1, [sp, #8]
ldapur w1, [x2, #-7]
ldapur x1, [x2]
ldapur x1, [sp, #8]
ldapur x1, [x2, #-7]
ldapurb w1, [x2]
ldapurb w1, [sp, #8]
ldapurb w1, [x2, #-7]
ldapurh w1, [x2]
ldapurh w1, [sp, #8]
ldapurh w1, [x2, #-7]
ldapursb w1, [x2]
ldapursb w1, [sp, #8]
ldapursb w1, [x2, #-7]
ldapursb x1, [x2]
ldapursb x1, [sp, #8]
ldapursb x1, [x2, #-7]
ldapursh w1, [x2]
ldapursh w1, [sp, #8]
ldapursh w1, [x2, #-7]
ldapursh x1, [x2]
ldapursh x1, [sp, #8]
ldapursh x1, [x2, #-7]
ldapursw x1, [x2]
ldapursw x1, [sp, #8]
ldapursw x1, [x2, #-7]
ldar w1, [x2]
ldar x1, [x2]
ldarb w1, [x2]
ldarh w1, [x2]
ldaxp w1, w2, [x3]
ldaxp x1, x2, [x3]
ldaxr w1, [x2]
ldaxr x1, [x2]
ldaxrb w1, [x2]
ldaxrh w1, [x2]
ldclr w1, w2, [x3]
ldclr x1, x2, [x3]
ldclra w1, w2, [x3]
ldclra x1, x2, [x3]
ldclrab w1, w2, [x3]
ldclrah w1, w2, [x3]
ldclral w1, w2, [x3]
ldclral x1, x2, [x3]
ldclralb w1, w2, [x3]
ldclralh w1, w2, [x3]
ldclrb w1, w2, [x3]
ldclrh w1, w2, [x3]
ldclrl w1, w2, [x3]
ldclrl x1, x2, [x3]
ldclrlb w1, w2, [x3]
ldclrlh w1, w2, [x3]
ldeor w1, w2, [x3]
ldeor x1, x2, [x3]
ldeora w1, w2, [x3]
ldeora x1, x2, [x3]
ldeorab w1, w2, [x3]
ldeorah w1, w2, [x3]
ldeoral w1, w2, [x3]
ldeoral x1, x2, [x3]
ldeoralb w1, w2, [x3]
ldeoralh w1, w2, [x3]
ldeorb w1, w2, [x3]
ldeorh w1, w2, [x3]
ldeorl w1, w2, [x3]
ldeorl x1, x2, [x3]
ldeorlb w1, w2, [x3]
ldeorlh w1, w2, [x3]
ldlar w1, [x2]
ldlar x1, [x2]
ldlarb w1, [x2]
ldlarh w1, [x2]
ldnp w1, w2, [x3]
ldnp w1, w2, [x3, #16]
ldnp x1, x2, [x3]
ldnp x1, x2, [x3, #16]
ldnp s1, s2, [x3]
ldnp d1, d2, [x3]
ldnp q1, q2, [x3]
ldp w1, w2, [x3]
ldp w1, w2, [x3, #16]
ldp w1, w2, [x3], #16
ldp w1, w2, [x3, #16]!
ldp x1, x2, [x3]
ldp x1, x2, [x3, #16]
ldp x1, x2, [x3], #16
ldp x1, x2, [x3, #16]!
ldp s1, s2, [x3]
ldp s1, s2, [x3], #16
ldp s1, s2, [x3, #16]!
ldp d1, d2, [x3]
ldp d1, d2, [x3], #16
ldp d1, d2, [x3, #16]!
ldp q1, q2, [x3]
ldp q1, q2, [x3], #16
ldp q1, q2, [x3, #16]!
ldpsw x1, x2, [x3]
ldpsw x1, x2, [x3, #16]
ldpsw x1, x2, [x3], #16
ldpsw x1, x2, [x3, #16]!
ldr w1, w2
ldr w1, .+8
ldr w1, #0x1234
ldr w1, [x2]
ldr w1, [sp, #8]
ldr w1, [x2, #-7]
ldr w1, [x2], #8
ldr w1, [x2, #8]!
ldr w1, [x2, x3]
ldr w1, [x2, w3, sxtw]
ldr x1, x2
ldr x1, .+8
ldr x1, #0x1234
ldr x1, [x2]
ldr x1, [sp, #8]
ldr x1, [x2, #-7]
ldr x1, [x2], #8
ldr x1, [x2, #8]!
ldr x1, [x2, x3]
ldr x1, [x2, w3, sxtw]
ldr x1, .+0x1000
ldr x1, nzcv
ldr x1, fpcr
ldr x1, fpsr
ldr x1, tpidr_el0
ldr x1, tpidrro_el0
ldr x1, cntvct_el0
ldr x1, cntfrq_el0
ldr x1, ctr_el0
ldr x1, dczid_el0
ldr b1, [x2]
ldr b1, [x2, #16]
ldr b1, [x2, #-7]
ldr b1, [x2], #8
ldr b1, [x2, #8]!
ldr b1, [x2, x3]
ldr w1, b2
ldr x1, b2
ldr h1, [x2]
ldr h1, [x2, #16]
ldr h1, [x2, #-7]
ldr h1, [x2], #8
ldr h1, [x2, #8]!
ldr h1, [x2, x3]
ldr w1, h2
ldr x1, h2
ldr s1, s2
ldr s1, [x2]
ldr s1, [x2, #16]
ldr s1, [x2, #-7]
ldr s1, [x2], #8
ldr s1, [x2, #8]!
ldr s1, [x2, x3]
ldr s1, .+8
ldr w1, s2
ldr x1, s2
ldr s1, w2
ldr s1, x2
ldr s1, b2
ldr s1, h2
ldr s1, d2
ldr s1, q2
ldr d1, d2
ldr d1, [x2]
ldr d1, [x2, #16]
ldr d1, [x2, #-7]
ldr d1, [x2], #8
ldr d1, [x2, #8]!
ldr d1, [x2, x3]
ldr d1, .+8
ldr w1, d2
ldr x1, d2
ldr d1, w2
ldr d1, x2
ldr d1, b2
ldr d1, h2
ldr d1, s2
ldr d1, q2
ldr q1, q2
ldr q1, [x2]
ldr q1, [x2, #16]
ldr q1, [x2, #-7]
ldr q1, [x2], #8
ldr q1, [x2, #8]!
ldr q1, [x2, x3]
ldr q1, .+8
ldr w1, q2
ldr x1, q2
ldr q1, w2
ldr q1, x2
ldr q1, b2
ldr q1, h2
ldr q1, s2
ldr q1, d2
ldr s1, v2.8b
ldr d1, v2.8b
ldr s1, v2.16b
ldr d1, v2.16b
ldr s1, v2.4h
ldr d1, v2.4h
ldr s1, v2.8h
ldr d1, v2.8h
ldr s1, v2.2s
ldr d1, v2.2s
ldr s1, v2.4s
ldr d1, v2.4s
ldr d1, v2.1d
ldr s1, v2.1d
ldr d1, v2.2d
ldr s1, v2.2d
ldr q1, v2.1q
ldr s1, v2.1q
ldr d1, v2.1q
ldrb w1, [x2]
ldrb w1, [sp, #8]
ldrb w1, [x2, #-7]
ldrb w1, [x2], #8
ldrb w1, [x2, #8]!
ldrb w1, [x2, x3]
ldrb w1, [x2, w3, sxtw]
ldrh w1, [x2]
ldrh w1, [sp, #8]
ldrh w1, [x2, #-7]
ldrh w1, [x2], #8
ldrh w1, [x2, #8]!
ldrh w1, [x2, x3]
ldrh w1, [x2, w3, sxtw]
ldrsb w1, [x2]
ldrsb w1, [sp, #8]
ldrsb w1, [x2, #-7]
ldrsb w1, [x2], #8
ldrsb w1, [x2, #8]!
ldrsb w1, [x2, x3]
ldrsb w1, [x2, w3, sxtw]
ldrsb x1, [x2]
ldrsb x1, [sp, #8]
ldrsb x1, [x2, #-7]
ldrsb x1, [x2], #8
ldrsb x1, [x2, #8]!
ldrsb x1, [x2, x3]
ldrsb x1, [x2, w3, sxtw]
ldrsh w1, [x2]
ldrsh w1, [sp, #8]
ldrsh w1, [x2, #-7]
ldrsh w1, [x2], #8
ldrsh w1, [x2, #8]!
ldrsh w1, [x2, x3]
ldrsh w1, [x2, w3, sxtw]
ldrsh x1, [x2]
ldrsh x1, [sp, #8]
ldrsh x1, [x2, #-7]
ldrsh x1, [x2], #8
ldrsh x1, [x2, #8]!
ldrsh x1, [x2, x3]
ldrsh x1, [x2, w3, sxtw]
ldrsw x1, x2
ldrsw x1, .+8
ldrsw x1, #0x1234
ldrsw x1, [x2]
ldrsw x1, [sp, #8]
ldrsw x1, [x2, #-7]
ldrsw x1, [x2], #8
ldrsw x1, [x2, #8]!
ldrsw x1, [x2, x3]
ldrsw x1, [x2, w3, sxtw]
ldrsw x1, .+0x1000
ldrsw x1, nzcv
ldrsw x1, fpcr
ldrsw x1, fpsr
ldrsw x1, tpidr_el0
ldrsw x1, tpidrro_el0
ldrsw x1, cntvct_el0
ldrsw x1, cntfrq_el0
ldrsw x1, ctr_el0
ldrsw x1, dczid_el0
ldrsw x1, b2
ldrsw x1, h2
ldrsw x1, s2
ldrsw x1, d2
ldrsw x1, q2
ldset w1, w2, [x3]
ldset x1, x2, [x3]
ldseta w1, w2, [x3]
ldseta x1, x2, [x3]
ldsetab w1, w2, [x3]
ldsetah w1, w2, [x3]
ldsetal w1, w2, [x3]
ldsetal x1, x2, [x3]
ldsetalb w1, w2, [x3]
ldsetalh w1, w2, [x3]
ldsetb w1, w2, [x3]
ldseth w1, w2, [x3]
ldsetl w1, w2, [x3]
ldsetl x1, x2, [x3]
ldsetlb w1, w2, [x3]
ldsetlh w1, w2, [x3]
ldsmax w1, w2, [x3]
ldsmax x1, x2, [x3]
ldsmaxa w1, w2, [x3]
ldsmaxa x1, x2, [x3]
ldsmaxab w1, w2, [x3]
ldsmaxah w1, w2, [x3]
ldsmaxal w1, w2, [x3]
ldsmaxal x1, x2, [x3]
ldsmaxalb w1, w2, [x3]
ldsmaxalh w1, w2, [x3]
ldsmaxb w1, w2, [x3]
ldsmaxh w1, w2, [x3]
ldsmaxl w1, w2, [x3]
ldsmaxl x1, x2, [x3]
ldsmaxlb w1, w2, [x3]
ldsmaxlh w1, w2, [x3]
ldsmin w1, w2, [x3]
ldsmin x1, x2, [x3]
ldsmina w1, w2, [x3]
ldsmina x1, x2, [x3]
ldsminab w1, w2, [x3]
ldsminah w1, w2, [x3]
ldsminal w1, w2, [x3]
ldsminal x1, x2, [x3]
ldsminalb w1, w2, [x3]
ldsminalh w1, w2, [x3]
ldsminb w1, w2, [x3]
ldsminh w1, w2, [x3]
ldsminl w1, w2, [x3]
ldsminl x1, x2, [x3]
ldsminlb w1, w2, [x3]
ldsminlh w1, w2, [x3]
ldumax w1, w2, [x3]
ldumax x1, x2, [x3]
ldumaxa w1, w2, [x3]
ldumaxa x1, x2, [x3]
ldumaxab w1, w2, [x3]
ldumaxah w1, w2, [x3]
ldumaxal w1, w2, [x3]
ldumaxal x1, x2, [x3]
ldumaxalb w1, w2, [x3]
ldumaxalh w1, w2, [x3]
ldumaxb w1, w2, [x3]
ldumaxh w1, w2, [x3]
ldumaxl w1, w2, [x3]
ldumaxl x1, x2, [x3]
ldumaxlb w1, w2, [x3]
ldumaxlh w1, w2, [x3]
ldumin w1, w2, [x3]
ldumin x1, x2, [x3]
ldumina w1, w2, [x3]
ldumina x1, x2, [x3]
lduminab w1, w2, [x3]
lduminah w1, w2, [x3]
lduminal w1, w2, [x3]
lduminal x1, x2, [x3]
lduminalb w1, w2, [x3]
lduminalh w1, w2, [x3]
lduminb w1, w2, [x3]
lduminh w1, w2, [x3]
lduminl w1, w2, [x3]
lduminl x1, x2, [x3]
lduminlb w1, w2, [x3]
lduminlh w1, w2, [x3]
ldur w1, [x2]
ldur w1, [sp, #8]
ldur w1, [x2, #-7]
ldur x1, [x2]
ldur x1, [sp, #8]
ldur x1, [x2, #-7]
ldur b1, [x2]
ldur b1, [x2, #16]
ldur b1, [x2, #-7]
ldur h1, [x2]
ldur h1, [x2, #16]
ldur h1, [x2, #-7]
ldur s1, [x2]
ldur s1, [x2, #16]
ldur s1, [x2, #-7]
ldur d1, [x2]
ldur d1, [x2, #16]
ldur d1, [x2, #-7]
ldur q1, [x2]
ldur q1, [x2, #16]
ldur q1, [x2, #-7]
ldurb w1, [x2]
ldurb w1, [sp, #8]
ldurb w1, [x2, #-7]
ldurh w1, [x2]
ldurh w1, [sp, #8]
ldurh w1, [x2, #-7]
ldursb w1, [x2]
ldursb w1, [sp, #8]
ldursb w1, [x2, #-7]
ldursb x1, [x2]
ldursb x1, [sp, #8]
ldursb x1, [x2, #-7]
ldursh w1, [x2]
ldursh w1, [sp, #8]
ldursh w1, [x2, #-7]
ldursh x1, [x2]
ldursh x1, [sp, #8]
ldursh x1, [x2, #-7]
ldursw x1, [x2]
ldursw x1, [sp, #8]
ldursw x1, [x2, #-7]
ldxp w1, w2, [x3]
ldxp x1, x2, [x3]
ldxr w1, [x2]
ldxr x1, [x2]
ldxrb w1, [x2]
ldxrh w1, [x2]
lslv w1, w2, w3
lslv x1, x2, x3
lsrv w1, w2, w3
lsrv x1, x2, x3
madd w1, w2, w3, w4
madd x1, x2, x3, x4
mla v1.8b, v2.8b, v3.8b
mla v1.16b, v2.16b, v3.16b
mla v1.4h, v2.4h, v3.4h
mla v1.4h, v2.4h, v3.h[1]
mla v1.8h, v2.8h, v3.8h
mla v1.8h, v2.8h, v3.h[1]
mla v1.2s, v2.2s, v3.2s
mla v1.2s, v2.2s, v3.s[1]
mla v1.4s, v2.4s, v3.4s
mla v1.4s, v2.4s, v3.s[1]
mls v1.8b, v2.8b, v3.8b
mls v1.16b, v2.16b, v3.16b
mls v1.4h, v2.4h, v3.4h
mls v1.4h, v2.4h, v3.h[1]
mls v1.8h, v2.8h, v3.8h
mls v1.8h, v2.8h, v3.h[1]
mls v1.2s, v2.2s, v3.2s
mls v1.2s, v2.2s, v3.s[1]
mls v1.4s, v2.4s, v3.4s
mls v1.4s, v2.4s, v3.s[1]
movi v1.8b, #1
movi v1.16b, #1
movi v1.4h, #1
movi v1.4h, #1, lsl #8
movi v1.8h, #1
movi v1.8h, #1, lsl #8
movi v1.2s, #1
movi v1.2s, #1, lsl #8
movi v1.2s, #1, msl #8
movi v1.4s, #1
movi v1.4s, #1, lsl #8
movi v1.4s, #1, msl #8
movi v1.2d, #0xff00ff00ff00ff00
movi d1, #0xff00ff00ff00ff00
movk w1, .+8
movk w1, #0x1234
movk w1, #0x1234, lsl #16
movk x1, .+8
movk x1, #0x1234
movk x1, #0x1234, lsl #16
movk x1, .+0x1000
movn w1, .+8
movn w1, #0x1234
movn w1, #0x1234, lsl #16
movn x1, .+8
movn x1, #0x1234
movn x1, #0x1234, lsl #16
movn x1, .+0x1000
movz w1, .+8
movz w1, #0x1234
movz w1, #0x1234, lsl #16
movz x1, .+8
movz x1, #0x1234
movz x1, #0x1234, lsl #16
movz x1, .+0x1000
mrs x1, nzcv
mrs x1, fpcr
mrs x1, fpsr
mrs x1, tpidr_el0
mrs x1, tpidrro_el0
mrs x1, cntvct_el0
mrs x1, cntfrq_el0
mrs x1, ctr_el0
mrs x1, dczid_el0
msr nzcv, x1
msr fpcr, x1
msr fpsr, x1
msr tpidr_el0, x1
msr tpidrro_el0, x1
msub w1, w2, w3, w4
msub x1, x2, x3, x4
mul w1, w2, w3
mul x1, x2, x3
mul v1.8b, v2.8b, v3.8b
mul v1.16b, v2.16b, v3.16b
mul v1.4h, v2.4h, v3.4h
mul v1.4h, v2.4h, v3.h[1]
mul v1.8h, v2.8h, v3.8h
mul v1.8h, v2.8h, v3.h[1]
mul v1.2s, v2.2s, v3.2s
mul v1.2s, v2.2s, v3.s[1]
mul v1.4s, v2.4s, v3.4s
mul v1.4s, v2.4s, v3.s[1]
mvni v1.4h, #1
mvni v1.4h, #1, lsl #8
mvni v1.8h, #1
mvni v1.8h, #1, lsl #8
mvni v1.2s, #1
mvni v1.2s, #1, lsl #8
mvni v1.2s, #1, msl #8
mvni v1.4s, #1
mvni v1.4s, #1, lsl #8
mvni v1.4s, #1, msl #8
neg w1, w2
neg x1, x2
neg d1, d2
neg v1.8b, v2.8b
neg v1.16b, v2.16b
neg v1.4h, v2.4h
neg v1.8h, v2.8h
neg v1.2s, v2.2s
neg v1.4s, v2.4s
neg v1.2d, v2.2d
not v1.8b, v2.8b
not v1.16b, v2.16b
orn w1, w2, w3
orn w1, w2, w3, lsl #3
orn w1, w2, w3, asr #3
orn x1, x2, x3
orn x1, x2, x3, lsl #3
orn x1, x2, x3, asr #3
orn v1.8b, v2.8b, v3.8b
orn v1.16b, v2.16b, v3.16b
orr w1, w2, w3
orr w1, w2, w3, lsl #3
orr w1, w2, w3, asr #3
orr w1, w2, #0xff
orr x1, x2, x3
orr x1, x2, x3, lsl #3
orr x1, x2, x3, asr #3
orr x1, x2, #0xff
orr v1.8b, v2.8b, v3.8b
orr v1.16b, v2.16b, v3.16b
orr v1.4h, #1
orr v1.4h, #1, lsl #8
orr v1.8h, #1
orr v1.8h, #1, lsl #8
orr v1.2s, #1
orr v1.2s, #1, lsl #8
orr v1.4s, #1
orr v1.4s, #1, lsl #8
pmul v1.8b, v2.8b, v3.8b
pmul v1.16b, v2.16b, v3.16b
pmull v1.8h, v2.8b, v3.8b
pmull v1.1q, v2.1d, v3.1d
pmull2 v1.8h, v2.16b, v3.16b
pmull2 v1.1q, v2.2d, v3.2d
prfm pldl1keep, [x1]
prfm pldl1keep, [x1, #8]
prfm pldl1keep, [x1, #-8]
prfm pldl1keep, [x1, x2]
prfm pldl1keep, .+8
prfum pldl1keep, [x1]
prfum pldl1keep, [x1, #8]
prfum pldl1keep, [x1, #-8]
raddhn v1.8b, v2.8h, v3.8h
raddhn v1.4h, v2.4s, v3.4s
raddhn v1.2s, v2.2d, v3.2d
raddhn2 v1.16b, v2.8h, v3.8h
raddhn2 v1.8h, v2.4s, v3.4s
raddhn2 v1.4s, v2.2d, v3.2d
rax1 v1.2d, v2.2d, v3.2d
rbit w1, w2
rbit x1, x2
rbit v1.8b, v2.8b
rbit v1.16b, v2.16b
ret
ret x1
rev w1, w2
rev x1, x2
rev16 w1, w2
rev16 x1, x2
rev16 v1.8b, v2.8b
rev16 v1.16b, v2.16b
rev32 x1, x2
rev32 v1.8b, v2.8b
rev32 v1.16b, v2.16b
rev32 v1.4h, v2.4h
rev32 v1.8h, v2.8h
rev64 x1, x2
rev64 v1.8b, v2.8b
rev64 v1.16b, v2.16b
rev64 v1.4h, v2.4h
rev64 v1.8h, v2.8h
rev64 v1.2s, v2.2s
rev64 v1.4s, v2.4s
rmif x1, #3, #15
rmif x1, #1, #15
rorv w1, w2, w3
rorv x1, x2, x3
rshrn v1.8b, v2.8h, #3
rshrn v1.8b, v2.8h, #8
rshrn v1.4h, v2.4s, #3
rshrn v1.4h, v2.4s, #8
rshrn v1.4h, v2.4s, #16
rshrn v1.2s, v2.2d, #3
rshrn v1.2s, v2.2d, #8
rshrn v1.2s, v2.2d, #16
rshrn v1.2s, v2.2d, #32
rshrn2 v1.16b, v2.8h, #3
rshrn2 v1.16b, v2.8h, #8
rshrn2 v1.8h, v2.4s, #3
rshrn2 v1.8h, v2.4s, #8
rshrn2 v1.8h, v2.4s, #16
rshrn2 v1.4s, v2.2d, #3
rshrn2 v1.4s, v2.2d, #8
rshrn2 v1.4s, v2.2d, #16
rshrn2 v1.4s, v2.2d, #32
rsubhn v1.8b, v2.8h, v3.8h
rsubhn v1.4h, v2.4s, v3.4s
rsubhn v1.2s, v2.2d, v3.2d
rsubhn2 v1.16b, v2.8h, v3.8h
rsubhn2 v1.8h, v2.4s, v3.4s
rsubhn2 v1.4s, v2.2d, v3.2d
saba v1.8b, v2.8b, v3.8b
saba v1.16b, v2.16b, v3.16b
saba v1.4h, v2.4h, v3.4h
saba v1.8h, v2.8h, v3.8h
saba v1.2s, v2.2s, v3.2s
saba v1.4s, v2.4s, v3.4s
sabal v1.8h, v2.8b, v3.8b
sabal v1.4s, v2.4h, v3.4h
sabal v1.2d, v2.2s, v3.2s
sabal2 v1.8h, v2.16b, v3.16b
sabal2 v1.4s, v2.8h, v3.8h
sabal2 v1.2d, v2.4s, v3.4s
sabd v1.8b, v2.8b, v3.8b
sabd v1.16b, v2.16b, v3.16b
sabd v1.4h, v2.4h, v3.4h
sabd v1.8h, v2.8h, v3.8h
sabd v1.2s, v2.2s, v3.2s
sabd v1.4s, v2.4s, v3.4s
sabdl v1.8h, v2.8b, v3.8b
sabdl v1.4s, v2.4h, v3.4h
sabdl v1.2d, v2.2s, v3.2s
sabdl2 v1.8h, v2.16b, v3.16b
sabdl2 v1.4s, v2.8h, v3.8h
sabdl2 v1.2d, v2.4s, v3.4s
sadalp v1.4h, v2.8b
sadalp v1.8h, v2.16b
sadalp v1.2s, v2.4h
sadalp v1.4s, v2.8h
sadalp v1.1d, v2.2s
sadalp v1.2d, v2.4s
saddl v1.8h, v2.8b, v3.8b
saddl v1.4s, v2.4h, v3.4h
saddl v1.2d, v2.2s, v3.2s
saddl2 v1.8h, v2.16b, v3.16b
saddl2 v1.4s, v2.8h, v3.8h
saddl2 v1.2d, v2.4s, v3.4s
saddlp v1.4h, v2.8b
saddlp v1.8h, v2.16b
saddlp v1.2s, v2.4h
saddlp v1.4s, v2.8h
saddlp v1.1d, v2.2s
saddlp v1.2d, v2.4s
saddlv h1, v2.8b
saddlv h1, v2.16b
saddlv s1, v2.4h
saddlv s1, v2.8h
saddlv d1, v2.4s
saddw v1.8h, v2.8h, v3.8b
saddw v1.4s, v2.4s, v3.4h
saddw v1.2d, v2.2d, v3.2s
saddw2 v1.8h, v2.8h, v3.16b
saddw2 v1.4s, v2.4s, v3.8h
saddw2 v1.2d, v2.2d, v3.4s
sb
sbc w1, w2, w3
sbc x1, x2, x3
sbcs w1, w2, w3
sbcs x1, x2, x3
sbfm w1, w2, #3, #5
sbfm w1, w2, #0, #7
sbfm w2, w3, #3, #5
sbfm x1, x2, #3, #5
sbfm x1, x2, #0, #7
sbfm x2, x3, #3, #5
scvtf h1, h2
scvtf h1, h2, #3
scvtf h1, w2
scvtf h1, x2
scvtf h1, w2, #3
scvtf h1, x2, #3
scvtf s1, s2
scvtf s1, s2, #3
scvtf s1, w2
scvtf s1, x2
scvtf s1, w2, #3
scvtf s1, x2, #3
scvtf d1, d2
scvtf d1, d2, #3
scvtf d1, w2
scvtf d1, x2
scvtf d1, w2, #3
scvtf d1, x2, #3
scvtf v1.4h, v2.4h
scvtf v1.4h, v2.4h, #3
scvtf v1.8h, v2.8h
scvtf v1.8h, v2.8h, #3
scvtf v1.2s, v2.2s
scvtf v1.2s, v2.2s, #3
scvtf v1.4s, v2.4s
scvtf v1.4s, v2.4s, #3
scvtf v1.2d, v2.2d
scvtf v1.2d, v2.2d, #3
scvtf d1, d2, #64
sdiv w1, w2, w3
sdiv x1, x2, x3
sdot v1.2s, v2.8b, v3.8b
sdot v1.2s, v2.8b, v3.4b[1]
sdot v1.4s, v2.16b, v3.16b
sdot v1.4s, v2.16b, v3.4b[1]
setf16 w1
setf8 w1
sha1c q1, s2, v3.4s
sha1h s1, s2
sha1m q1, s2, v3.4s
sha1p q1, s2, v3.4s
sha1su0 v1.4s, v2.4s, v3.4s
sha1su1 v1.4s, v2.4s
sha256h q1, q2, v3.4s
sha256h2 q1, q2, v3.4s
sha256su0 v1.4s, v2.4s
sha256su1 v1.4s, v2.4s, v3.4s
shadd v1.8b, v2.8b, v3.8b
shadd v1.16b, v2.16b, v3.16b
shadd v1.4h, v2.4h, v3.4h
shadd v1.8h, v2.8h, v3.8h
shadd v1.2s, v2.2s, v3.2s
shadd v1.4s, v2.4s, v3.4s
shl d1, d2, #3
shl d1, d2, #0
shl v1.8b, v2.8b, #3
shl v1.8b, v2.8b, #0
shl v1.16b, v2.16b, #3
shl v1.16b, v2.16b, #0
shl v1.4h, v2.4h, #3
shl v1.4h, v2.4h, #0
shl v1.8h, v2.8h, #3
shl v1.8h, v2.8h, #0
shl v1.2s, v2.2s, #3
shl v1.2s, v2.2s, #0
shl v1.4s, v2.4s, #3
shl v1.4s, v2.4s, #0
shl v1.2d, v2.2d, #3
shl v1.2d, v2.2d, #0
shll v1.8h, v2.8b, #8
shll v1.4s, v2.4h, #16
shll v1.2d, v2.2s, #32
shll2 v1.8h, v2.16b, #8
shll2 v1.4s, v2.8h, #16
shll2 v1.2d, v2.4s, #32
shrn v1.8b, v2.8h, #3
shrn v1.8b, v2.8h, #8
shrn v1.4h, v2.4s, #3
shrn v1.4h, v2.4s, #8
shrn v1.4h, v2.4s, #16
shrn v1.2s, v2.2d, #3
shrn v1.2s, v2.2d, #8
shrn v1.2s, v2.2d, #16
shrn v1.2s, v2.2d, #32
shrn2 v1.16b, v2.8h, #3
shrn2 v1.16b, v2.8h, #8
shrn2 v1.8h, v2.4s, #3
shrn2 v1.8h, v2.4s, #8
shrn2 v1.8h, v2.4s, #16
shrn2 v1.4s, v2.2d, #3
shrn2 v1.4s, v2.2d, #8
shrn2 v1.4s, v2.2d, #16
shrn2 v1.4s, v2.2d, #32
shsub v1.8b, v2.8b, v3.8b
shsub v1.16b, v2.16b, v3.16b
shsub v1.4h, v2.4h, v3.4h
shsub v1.8h, v2.8h, v3.8h
shsub v1.2s, v2.2s, v3.2s
shsub v1.4s, v2.4s, v3.4s
sli d1, d2, #3
sli d1, d2, #0
sli v1.8b, v2.8b, #3
sli v1.8b, v2.8b, #0
sli v1.16b, v2.16b, #3
sli v1.16b, v2.16b, #0
sli v1.4h, v2.4h, #3
sli v1.4h, v2.4h, #0
sli v1.8h, v2.8h, #3
sli v1.8h, v2.8h, #0
sli v1.2s, v2.2s, #3
sli v1.2s, v2.2s, #0
sli v1.4s, v2.4s, #3
sli v1.4s, v2.4s, #0
sli v1.2d, v2.2d, #3
sli v1.2d, v2.2d, #0
smaddl x1, w2, w3, x4
smax v1.8b, v2.8b, v3.8b
smax v1.16b, v2.16b, v3.16b
smax v1.4h, v2.4h, v3.4h
smax v1.8h, v2.8h, v3.8h
smax v1.2s, v2.2s, v3.2s
smax v1.4s, v2.4s, v3.4s
smaxp v1.8b, v2.8b, v3.8b
smaxp v1.16b, v2.16b, v3.16b
smaxp v1.4h, v2.4h, v3.4h
smaxp v1.8h, v2.8h, v3.8h
smaxp v1.2s, v2.2s, v3.2s
smaxp v1.4s, v2.4s, v3.4s
smaxv b1, v2.8b
smaxv b1, v2.16b
smaxv h1, v2.4h
smaxv h1, v2.8h
smaxv s1, v2.4s
smin v1.8b, v2.8b, v3.8b
smin v1.16b, v2.16b, v3.16b
smin v1.4h, v2.4h, v3.4h
smin v1.8h, v2.8h, v3.8h
smin v1.2s, v2.2s, v3.2s
smin v1.4s, v2.4s, v3.4s
sminp v1.8b, v2.8b, v3.8b
sminp v1.16b, v2.16b, v3.16b
sminp v1.4h, v2.4h, v3.4h
sminp v1.8h, v2.8h, v3.8h
sminp v1.2s, v2.2s, v3.2s
sminp v1.4s, v2.4s, v3.4s
sminv b1, v2.8b
sminv b1, v2.16b
sminv h1, v2.4h
sminv h1, v2.8h
sminv s1, v2.4s
smlal v1.8h, v2.8b, v3.8b
smlal v1.4s, v2.4h, v3.4h
smlal v1.4s, v2.4h, v3.h[1]
smlal v1.2d, v2.2s, v3.2s
smlal v1.2d, v2.2s, v3.s[1]
smlal2 v1.8h, v2.16b, v3.16b
smlal2 v1.4s, v2.8h, v3.8h
smlal2 v1.4s, v2.8h, v3.h[1]
smlal2 v1.2d, v2.4s, v3.4s
smlal2 v1.2d, v2.4s, v3.s[1]
smlsl v1.8h, v2.8b, v3.8b
smlsl v1.4s, v2.4h, v3.4h
smlsl v1.4s, v2.4h, v3.h[1]
smlsl v1.2d, v2.2s, v3.2s
smlsl v1.2d, v2.2s, v3.s[1]
smlsl2 v1.8h, v2.16b, v3.16b
smlsl2 v1.4s, v2.8h, v3.8h
smlsl2 v1.4s, v2.8h, v3.h[1]
smlsl2 v1.2d, v2.4s, v3.4s
smlsl2 v1.2d, v2.4s, v3.s[1]
smov w1, v2.b[3]
smov x1, v2.b[3]
smov w1, v2.h[3]
smov x1, v2.h[3]
smov x1, v2.s[3]
smsubl x1, w2, w3, x4
smulh x1, x2, x3
smull v1.8h, v2.8b, v3.8b
smull v1.4s, v2.4h, v3.4h
smull v1.4s, v2.4h, v3.h[1]
smull v1.2d, v2.2s, v3.2s
smull v1.2d, v2.2s, v3.s[1]
smull2 v1.8h, v2.16b, v3.16b
smull2 v1.4s, v2.8h, v3.8h
smull2 v1.4s, v2.8h, v3.h[1]
smull2 v1.2d, v2.4s, v3.4s
smull2 v1.2d, v2.4s, v3.s[1]
sqabs b1, b2
sqabs h1, h2
sqabs s1, s2
sqabs d1, d2
sqabs v1.8b, v2.8b
sqabs v1.16b, v2.16b
sqabs v1.4h, v2.4h
sqabs v1.8h, v2.8h
sqabs v1.2s, v2.2s
sqabs v1.4s, v2.4s
sqabs v1.2d, v2.2d
sqadd b1, b2, b3
sqadd h1, h2, h3
sqadd s1, s2, s3
sqadd d1, d2, d3
sqadd v1.8b, v2.8b, v3.8b
sqadd v1.16b, v2.16b, v3.16b
sqadd v1.4h, v2.4h, v3.4h
sqadd v1.8h, v2.8h, v3.8h
sqadd v1.2s, v2.2s, v3.2s
sqadd v1.4s, v2.4s, v3.4s
sqadd v1.2d, v2.2d, v3.2d
sqdmlal s1, h2, h3
sqdmlal s1, h2, v3.h[1]
sqdmlal d1, s2, s3
sqdmlal d1, s2, v3.s[1]
sqdmlal v1.4s, v2.4h, v3.4h
sqdmlal v1.4s, v2.4h, v3.h[1]
sqdmlal v1.2d, v2.2s, v3.2s
sqdmlal v1.2d, v2.2s, v3.s[1]
sqdmlal2 v1.4s, v2.8h, v3.8h
sqdmlal2 v1.4s, v2.8h, v3.h[1]
sqdmlal2 v1.2d, v2.4s, v3.4s
sqdmlal2 v1.2d, v2.4s, v3.s[1]
sqdmlsl s1, h2, h3
sqdmlsl s1, h2, v3.h[1]
sqdmlsl d1, s2, s3
sqdmlsl d1, s2, v3.s[1]
sqdmlsl v1.4s, v2.4h, v3.4h
sqdmlsl v1.4s, v2.4h, v3.h[1]
sqdmlsl v1.2d, v2.2s, v3.2s
sqdmlsl v1.2d, v2.2s, v3.s[1]
sqdmlsl2 v1.4s, v2.8h, v3.8h
sqdmlsl2 v1.4s, v2.8h, v3.h[1]
sqdmlsl2 v1.2d, v2.4s, v3.4s
sqdmlsl2 v1.2d, v2.4s, v3.s[1]
sqdmulh h1, h2, h3
sqdmulh h1, h2, v3.h[1]
sqdmulh s1, s2, s3
sqdmulh s1, s2, v3.s[1]
sqdmulh v1.4h, v2.4h, v3.4h
sqdmulh v1.4h, v2.4h, v3.h[1]
sqdmulh v1.8h, v2.8h, v3.8h
sqdmulh v1.8h, v2.8h, v3.h[1]
sqdmulh v1.2s, v2.2s, v3.2s
sqdmulh v1.2s, v2.2s, v3.s[1]
sqdmulh v1.4s, v2.4s, v3.4s
sqdmulh v1.4s, v2.4s, v3.s[1]
sqdmull s1, h2, h3
sqdmull s1, h2, v3.h[1]
sqdmull d1, s2, s3
sqdmull d1, s2, v3.s[1]
sqdmull v1.4s, v2.4h, v3.4h
sqdmull v1.4s, v2.4h, v3.h[1]
sqdmull v1.2d, v2.2s, v3.2s
sqdmull v1.2d, v2.2s, v3.s[1]
sqdmull2 v1.4s, v2.8h, v3.8h
sqdmull2 v1.4s, v2.8h, v3.h[1]
sqdmull2 v1.2d, v2.4s, v3.4s
sqdmull2 v1.2d, v2.4s, v3.s[1]
sqneg b1, b2
sqneg h1, h2
sqneg s1, s2
sqneg d1, d2
sqneg v1.8b, v2.8b
sqneg v1.16b, v2.16b
sqneg v1.4h, v2.4h
sqneg v1.8h, v2.8h
sqneg v1.2s, v2.2s
sqneg v1.4s, v2.4s
sqneg v1.2d, v2.2d
sqrdmlah h1, h2, h3
sqrdmlah h1, h2, v3.h[1]
sqrdmlah s1, s2, s3
sqrdmlah s1, s2, v3.s[1]
sqrdmlah v1.4h, v2.4h, v3.4h
sqrdmlah v1.4h, v2.4h, v3.h[1]
sqrdmlah v1.8h, v2.8h, v3.8h
sqrdmlah v1.8h, v2.8h, v3.h[1]
sqrdmlah v1.2s, v2.2s, v3.2s
sqrdmlah v1.2s, v2.2s, v3.s[1]
sqrdmlah v1.4s, v2.4s, v3.4s
sqrdmlah v1.4s, v2.4s, v3.s[1]
sqrdmlsh h1, h2, h3
sqrdmlsh h1, h2, v3.h[1]
sqrdmlsh s1, s2, s3
sqrdmlsh s1, s2, v3.s[1]
sqrdmlsh v1.4h, v2.4h, v3.4h
sqrdmlsh v1.4h, v2.4h, v3.h[1]
sqrdmlsh v1.8h, v2.8h, v3.8h
sqrdmlsh v1.8h, v2.8h, v3.h[1]
sqrdmlsh v1.2s, v2.2s, v3.2s
sqrdmlsh v1.2s, v2.2s, v3.s[1]
sqrdmlsh v1.4s, v2.4s, v3.4s
sqrdmlsh v1.4s, v2.4s, v3.s[1]
sqrdmulh h1, h2, h3
sqrdmulh h1, h2, v3.h[1]
sqrdmulh s1, s2, s3
sqrdmulh s1, s2, v3.s[1]
sqrdmulh v1.4h, v2.4h, v3.4h
sqrdmulh v1.4h, v2.4h, v3.h[1]
sqrdmulh v1.8h, v2.8h, v3.8h
sqrdmulh v1.8h, v2.8h, v3.h[1]
sqrdmulh v1.2s, v2.2s, v3.2s
sqrdmulh v1.2s, v2.2s, v3.s[1]
sqrdmulh v1.4s, v2.4s, v3.4s
sqrdmulh v1.4s, v2.4s, v3.s[1]
sqrshl b1, b2, b3
sqrshl h1, h2, h3
sqrshl s1, s2, s3
sqrshl d1, d2, d3
sqrshl v1.8b, v2.8b, v3.8b
sqrshl v1.16b, v2.16b, v3.16b
sqrshl v1.4h, v2.4h, v3.4h
sqrshl v1.8h, v2.8h, v3.8h
sqrshl v1.2s, v2.2s, v3.2s
sqrshl v1.4s, v2.4s, v3.4s
sqrshl v1.2d, v2.2d, v3.2d
sqrshrn b1, h2, #3
sqrshrn h1, s2, #3
sqrshrn s1, d2, #3
sqrshrn v1.8b, v2.8h, #3
sqrshrn v1.8b, v2.8h, #8
sqrshrn v1.4h, v2.4s, #3
sqrshrn v1.4h, v2.4s, #8
sqrshrn v1.4h, v2.4s, #16
sqrshrn v1.2s, v2.2d, #3
sqrshrn v1.2s, v2.2d, #8
sqrshrn v1.2s, v2.2d, #16
sqrshrn v1.2s, v2.2d, #32
sqrshrn2 v1.16b, v2.8h, #3
sqrshrn2 v1.16b, v2.8h, #8
sqrshrn2 v1.8h, v2.4s, #3
sqrshrn2 v1.8h, v2.4s, #8
sqrshrn2 v1.8h, v2.4s, #16
sqrshrn2 v1.4s, v2.2d, #3
sqrshrn2 v1.4s, v2.2d, #8
sqrshrn2 v1.4s, v2.2d, #16
sqrshrn2 v1.4s, v2.2d, #32
sqrshrun b1, h2, #3
sqrshrun h1, s2, #3
sqrshrun s1, d2, #3
sqrshrun v1.8b, v2.8h, #3
sqrshrun v1.8b, v2.8h, #8
sqrshrun v1.4h, v2.4s, #3
sqrshrun v1.4h, v2.4s, #8
sqrshrun v1.4h, v2.4s, #16
sqrshrun v1.2s, v2.2d, #3
sqrshrun v1.2s, v2.2d, #8
sqrshrun v1.2s, v2.2d, #16
sqrshrun v1.2s, v2.2d, #32
sqrshrun2 v1.16b, v2.8h, #3
sqrshrun2 v1.16b, v2.8h, #8
sqrshrun2 v1.8h, v2.4s, #3
sqrshrun2 v1.8h, v2.4s, #8
sqrshrun2 v1.8h, v2.4s, #16
sqrshrun2 v1.4s, v2.2d, #3
sqrshrun2 v1.4s, v2.2d, #8
sqrshrun2 v1.4s, v2.2d, #16
sqrshrun2 v1.4s, v2.2d, #32
sqshl b1, b2, b3
sqshl b1, b2, #3
sqshl b1, b2, #0
sqshl h1, h2, h3
sqshl h1, h2, #3
sqshl h1, h2, #0
sqshl s1, s2, s3
sqshl s1, s2, #3
sqshl s1, s2, #0
sqshl d1, d2, d3
sqshl d1, d2, #3
sqshl d1, d2, #0
sqshl v1.8b, v2.8b, v3.8b
sqshl v1.8b, v2.8b, #3
sqshl v1.8b, v2.8b, #0
sqshl v1.16b, v2.16b, v3.16b
sqshl v1.16b, v2.16b, #3
sqshl v1.16b, v2.16b, #0
sqshl v1.4h, v2.4h, v3.4h
sqshl v1.4h, v2.4h, #3
sqshl v1.4h, v2.4h, #0
sqshl v1.8h, v2.8h, v3.8h
sqshl v1.8h, v2.8h, #3
sqshl v1.8h, v2.8h, #0
sqshl v1.2s, v2.2s, v3.2s
sqshl v1.2s, v2.2s, #3
sqshl v1.2s, v2.2s, #0
sqshl v1.4s, v2.4s, v3.4s
sqshl v1.4s, v2.4s, #3
sqshl v1.4s, v2.4s, #0
sqshl v1.2d, v2.2d, v3.2d
sqshl v1.2d, v2.2d, #3
sqshl v1.2d, v2.2d, #0
sqshlu b1, b2, #3
sqshlu b1, b2, #0
sqshlu h1, h2, #3
sqshlu h1, h2, #0
sqshlu s1, s2, #3
sqshlu s1, s2, #0
sqshlu d1, d2, #3
sqshlu d1, d2, #0
sqshlu v1.8b, v2.8b, #3
sqshlu v1.8b, v2.8b, #0
sqshlu v1.16b, v2.16b, #3
sqshlu v1.16b, v2.16b, #0
sqshlu v1.4h, v2.4h, #3
sqshlu v1.4h, v2.4h, #0
sqshlu v1.8h, v2.8h, #3
sqshlu v1.8h, v2.8h, #0
sqshlu v1.2s, v2.2s, #3
sqshlu v1.2s, v2.2s, #0
sqshlu v1.4s, v2.4s, #3
sqshlu v1.4s, v2.4s, #0
sqshlu v1.2d, v2.2d, #3
sqshlu v1.2d, v2.2d, #0
sqshrn b1, h2, #3
sqshrn h1, s2, #3
sqshrn s1, d2, #3
sqshrn v1.8b, v2.8h, #3
sqshrn v1.8b, v2.8h, #8
sqshrn v1.4h, v2.4s, #3
sqshrn v1.4h, v2.4s, #8
sqshrn v1.4h, v2.4s, #16
sqshrn v1.2s, v2.2d, #3
sqshrn v1.2s, v2.2d, #8
sqshrn v1.2s, v2.2d, #16
sqshrn v1.2s, v2.2d, #32
sqshrn2 v1.16b, v2.8h, #3
sqshrn2 v1.16b, v2.8h, #8
sqshrn2 v1.8h, v2.4s, #3
sqshrn2 v1.8h, v2.4s, #8
sqshrn2 v1.8h, v2.4s, #16
sqshrn2 v1.4s, v2.2d, #3
sqshrn2 v1.4s, v2.2d, #8
sqshrn2 v1.4s, v2.2d, #16
sqshrn2 v1.4s, v2.2d, #32
sqshrun b1, h2, #3
sqshrun h1, s2, #3
sqshrun s1, d2, #3
sqshrun v1.8b, v2.8h, #3
sqshrun v1.8b, v2.8h, #8
sqshrun v1.4h, v2.4s, #3
sqshrun v1.4h, v2.4s, #8
sqshrun v1.4h, v2.4s, #16
sqshrun v1.2s, v2.2d, #3
sqshrun v1.2s, v2.2d, #8
sqshrun v1.2s, v2.2d, #16
sqshrun v1.2s, v2.2d, #32
sqshrun2 v1.16b, v2.8h, #3
sqshrun2 v1.16b, v2.8h, #8
sqshrun2 v1.8h, v2.4s, #3
sqshrun2 v1.8h, v2.4s, #8
sqshrun2 v1.8h, v2.4s, #16
sqshrun2 v1.4s, v2.2d, #3
sqshrun2 v1.4s, v2.2d, #8
sqshrun2 v1.4s, v2.2d, #16
sqshrun2 v1.4s, v2.2d, #32
sqsub b1, b2, b3
sqsub h1, h2, h3
sqsub s1, s2, s3
sqsub d1, d2, d3
sqsub v1.8b, v2.8b, v3.8b
sqsub v1.16b, v2.16b, v3.16b
sqsub v1.4h, v2.4h, v3.4h
sqsub v1.8h, v2.8h, v3.8h
sqsub v1.2s, v2.2s, v3.2s
sqsub v1.4s, v2.4s, v3.4s
sqsub v1.2d, v2.2d, v3.2d
sqxtn b1, h2
sqxtn h1, s2
sqxtn s1, d2
sqxtn v1.8b, v2.8h
sqxtn v1.4h, v2.4s
sqxtn v1.2s, v2.2d
sqxtn2 v1.16b, v2.8h
sqxtn2 v1.8h, v2.4s
sqxtn2 v1.4s, v2.2d
sqxtun b1, h2
sqxtun h1, s2
sqxtun s1, d2
sqxtun v1.8b, v2.8h
sqxtun v1.4h, v2.4s
sqxtun v1.2s, v2.2d
sqxtun2 v1.16b, v2.8h
sqxtun2 v1.8h, v2.4s
sqxtun2 v1.4s, v2.2d
srhadd v1.8b, v2.8b, v3.8b
srhadd v1.16b, v2.16b, v3.16b
srhadd v1.4h, v2.4h, v3.4h
srhadd v1.8h, v2.8h, v3.8h
srhadd v1.2s, v2.2s, v3.2s
srhadd v1.4s, v2.4s, v3.4s
sri d1, d2, #3
sri v1.8b, v2.8b, #3
sri v1.16b, v2.16b, #3
sri v1.4h, v2.4h, #3
sri v1.8h, v2.8h, #3
sri v1.2s, v2.2s, #3
sri v1.4s, v2.4s, #3
sri v1.2d, v2.2d, #3
sri d1, d2, #64
srshl d1, d2, d3
srshl v1.8b, v2.8b, v3.8b
srshl v1.16b, v2.16b, v3.16b
srshl v1.4h, v2.4h, v3.4h
srshl v1.8h, v2.8h, v3.8h
srshl v1.2s, v2.2s, v3.2s
srshl v1.4s, v2.4s, v3.4s
srshl v1.2d, v2.2d, v3.2d
srshr d1, d2, #3
srshr v1.8b, v2.8b, #3
srshr v1.16b, v2.16b, #3
srshr v1.4h, v2.4h, #3
srshr v1.8h, v2.8h, #3
srshr v1.2s, v2.2s, #3
srshr v1.4s, v2.4s, #3
srshr v1.2d, v2.2d, #3
srshr d1, d2, #64
srsra d1, d2, #3
srsra v1.8b, v2.8b, #3
srsra v1.16b, v2.16b, #3
srsra v1.4h, v2.4h, #3
srsra v1.8h, v2.8h, #3
srsra v1.2s, v2.2s, #3
srsra v1.4s, v2.4s, #3
srsra v1.2d, v2.2d, #3
srsra d1, d2, #64
sshl d1, d2, d3
sshl v1.8b, v2.8b, v3.8b
sshl v1.16b, v2.16b, v3.16b
sshl v1.4h, v2.4h, v3.4h
sshl v1.8h, v2.8h, v3.8h
sshl v1.2s, v2.2s, v3.2s
sshl v1.4s, v2.4s, v3.4s
sshl v1.2d, v2.2d, v3.2d
sshll v1.8h, v2.8b, #3
sshll v1.4s, v2.4h, #3
sshll v1.4s, v2.4h, #8
sshll v1.2d, v2.2s, #3
sshll v1.2d, v2.2s, #8
sshll v1.2d, v2.2s, #16
sshll2 v1.8h, v2.16b, #3
sshll2 v1.4s, v2.8h, #3
sshll2 v1.4s, v2.8h, #8
sshll2 v1.2d, v2.4s, #3
sshll2 v1.2d, v2.4s, #8
sshll2 v1.2d, v2.4s, #16
sshr d1, d2, #3
sshr v1.8b, v2.8b, #3
sshr v1.16b, v2.16b, #3
sshr v1.4h, v2.4h, #3
sshr v1.8h, v2.8h, #3
sshr v1.2s, v2.2s, #3
sshr v1.4s, v2.4s, #3
sshr v1.2d, v2.2d, #3
sshr d1, d2, #64
ssra d1, d2, #3
ssra v1.8b, v2.8b, #3
ssra v1.16b, v2.16b, #3
ssra v1.4h, v2.4h, #3
ssra v1.8h, v2.8h, #3
ssra v1.2s, v2.2s, #3
ssra v1.4s, v2.4s, #3
ssra v1.2d, v2.2d, #3
ssra d1, d2, #64
ssubl v1.8h, v2.8b, v3.8b
ssubl v1.4s, v2.4h, v3.4h
ssubl v1.2d, v2.2s, v3.2s
ssubl2 v1.8h, v2.16b, v3.16b
ssubl2 v1.4s, v2.8h, v3.8h
ssubl2 v1.2d, v2.4s, v3.4s
ssubw v1.8h, v2.8h, v3.8b
ssubw v1.4s, v2.4s, v3.4h
ssubw v1.2d, v2.2d, v3.2s
ssubw2 v1.8h, v2.8h, v3.16b
ssubw2 v1.4s, v2.4s, v3.8h
ssubw2 v1.2d, v2.2d, v3.4s
st1 {v1.8b}, [x9]
st1 {v1.8b}, [x9], x10
st1 {v1.8b}, [x9], #8
st1 {v1.b}[1], [x9]
st1 {v1.b}[1], [x9], x10
st1 {v1.8b, v2.8b}, [x9]
st1 {v1.8b, v2.8b}, [x9], x10
st1 {v1.8b, v2.8b}, [x9], #16
st1 {v1.8b, v2.8b, v3.8b}, [x9]
st1 {v1.8b, v2.8b, v3.8b}, [x9], x10
st1 {v1.8b, v2.8b, v3.8b}, [x9], #24
st1 {v1.8b, v2.8b, v3.8b, v4.8b}, [x9]
st1 {v1.8b, v2.8b, v3.8b, v4.8b}, [x9], x10
st1 {v1.8b, v2.8b, v3.8b, v4.8b}, [x9], #32
st1 {v1.16b}, [x9]
st1 {v1.16b}, [x9], x10
st1 {v1.16b}, [x9], #16
st1 {v1.16b, v2.16b}, [x9]
st1 {v1.16b, v2.16b}, [x9], x10
st1 {v1.16b, v2.16b}, [x9], #32
st1 {v1.16b, v2.16b, v3.16b}, [x9]
st1 {v1.16b, v2.16b, v3.16b}, [x9], x10
st1 {v1.16b, v2.16b, v3.16b}, [x9], #48
st1 {v1.16b, v2.16b, v3.16b, v4.16b}, [x9]
st1 {v1.16b, v2.16b, v3.16b, v4.16b}, [x9], x10
st1 {v1.16b, v2.16b, v3.16b, v4.16b}, [x9], #64
st1 {v1.4h}, [x9]
st1 {v1.4h}, [x9], x10
st1 {v1.4h}, [x9], #8
st1 {v1.h}[1], [x9]
st1 {v1.h}[1], [x9], x10
st1 {v1.4h, v2.4h}, [x9]
st1 {v1.4h, v2.4h}, [x9], x10
st1 {v1.4h, v2.4h}, [x9], #16
st1 {v1.4h, v2.4h, v3.4h}, [x9]
st1 {v1.4h, v2.4h, v3.4h}, [x9], x10
st1 {v1.4h, v2.4h, v3.4h}, [x9], #24
st1 {v1.4h, v2.4h, v3.4h, v4.4h}, [x9]
st1 {v1.4h, v2.4h, v3.4h, v4.4h}, [x9], x10
st1 {v1.4h, v2.4h, v3.4h, v4.4h}, [x9], #32
st1 {v1.8h}, [x9]
st1 {v1.8h}, [x9], x10
st1 {v1.8h}, [x9], #16
st1 {v1.8h, v2.8h}, [x9]
st1 {v1.8h, v2.8h}, [x9], x10
st1 {v1.8h, v2.8h}, [x9], #32
st1 {v1.8h, v2.8h, v3.8h}, [x9]
st1 {v1.8h, v2.8h, v3.8h}, [x9], x10
st1 {v1.8h, v2.8h, v3.8h}, [x9], #48
st1 {v1.8h, v2.8h, v3.8h, v4.8h}, [x9]
st1 {v1.8h, v2.8h, v3.8h, v4.8h}, [x9], x10
st1 {v1.8h, v2.8h, v3.8h, v4.8h}, [x9], #64
st1 {v1.2s}, [x9]
st1 {v1.2s}, [x9], x10
st1 {v1.2s}, [x9], #8
st1 {v1.s}[1], [x9]
st1 {v1.s}[1], [x9], x10
st1 {v1.2s, v2.2s}, [x9]
st1 {v1.2s, v2.2s}, [x9], x10
st1 {v1.2s, v2.2s}, [x9], #16
st1 {v1.2s, v2.2s, v3.2s}, [x9]
st1 {v1.2s, v2.2s, v3.2s}, [x9], x10
st1 {v1.2s, v2.2s, v3.2s}, [x9], #24
st1 {v1.2s, v2.2s, v3.2s, v4.2s}, [x9]
st1 {v1.2s, v2.2s, v3.2s, v4.2s}, [x9], x10
st1 {v1.2s, v2.2s, v3.2s, v4.2s}, [x9], #32
st1 {v1.4s}, [x9]
st1 {v1.4s}, [x9], x10
st1 {v1.4s}, [x9], #16
st1 {v1.4s, v2.4s}, [x9]
st1 {v1.4s, v2.4s}, [x9], x10
st1 {v1.4s, v2.4s}, [x9], #32
st1 {v1.4s, v2.4s, v3.4s}, [x9]
st1 {v1.4s, v2.4s, v3.4s}, [x9], x10
st1 {v1.4s, v2.4s, v3.4s}, [x9], #48
st1 {v1.4s, v2.4s, v3.4s, v4.4s}, [x9]
st1 {v1.4s, v2.4s, v3.4s, v4.4s}, [x9], x10
st1 {v1.4s, v2.4s, v3.4s, v4.4s}, [x9], #64
st1 {v1.1d}, [x9]
st1 {v1.1d}, [x9], x10
st1 {v1.1d}, [x9], #8
st1 {v1.d}[1], [x9]
st1 {v1.d}[1], [x9], x10
st1 {v1.1d, v2.1d}, [x9]
st1 {v1.1d, v2.1d}, [x9], x10
st1 {v1.1d, v2.1d}, [x9], #16
st1 {v1.1d, v2.1d, v3.1d}, [x9]
st1 {v1.1d, v2.1d, v3.1d}, [x9], x10
st1 {v1.1d, v2.1d, v3.1d}, [x9], #24
st1 {v1.1d, v2.1d, v3.1d, v4.1d}, [x9]
st1 {v1.1d, v2.1d, v3.1d, v4.1d}, [x9], x10
st1 {v1.1d, v2.1d, v3.1d, v4.1d}, [x9], #32
st1 {v1.2d}, [x9]
st1 {v1.2d}, [x9], x10
st1 {v1.2d}, [x9], #16
st1 {v1.2d, v2.2d}, [x9]
st1 {v1.2d, v2.2d}, [x9], x10
st1 {v1.2d, v2.2d}, [x9], #32
st1 {v1.2d, v2.2d, v3.2d}, [x9]
st1 {v1.2d, v2.2d, v3.2d}, [x9], x10
st1 {v1.2d, v2.2d, v3.2d}, [x9], #48
st1 {v1.2d, v2.2d, v3.2d, v4.2d}, [x9]
st1 {v1.2d, v2.2d, v3.2d, v4.2d}, [x9], x10
st1 {v1.2d, v2.2d, v3.2d, v4.2d}, [x9], #64
st2 {v1.8b, v2.8b}, [x9]
st2 {v1.8b, v2.8b}, [x9], x10
st2 {v1.8b, v2.8b}, [x9], #16
st2 {v1.b, v2.b}[1], [x9]
st2 {v1.b, v2.b}[1], [x9], x10
st2 {v1.16b, v2.16b}, [x9]
st2 {v1.16b, v2.16b}, [x9], x10
st2 {v1.16b, v2.16b}, [x9], #32
st2 {v1.4h, v2.4h}, [x9]
st2 {v1.4h, v2.4h}, [x9], x10
st2 {v1.4h, v2.4h}, [x9], #16
st2 {v1.h, v2.h}[1], [x9]
st2 {v1.h, v2.h}[1], [x9], x10
st2 {v1.8h, v2.8h}, [x9]
st2 {v1.8h, v2.8h}, [x9], x10
st2 {v1.8h, v2.8h}, [x9], #32
st2 {v1.2s, v2.2s}, [x9]
st2 {v1.2s, v2.2s}, [x9], x10
st2 {v1.2s, v2.2s}, [x9], #16
st2 {v1.s, v2.s}[1], [x9]
st2 {v1.s, v2.s}[1], [x9], x10
st2 {v1.4s, v2.4s}, [x9]
st2 {v1.4s, v2.4s}, [x9], x10
st2 {v1.4s, v2.4s}, [x9], #32
st2 {v1.d, v2.d}[1], [x9]
st2 {v1.d, v2.d}[1], [x9], x10
st2 {v1.2d, v2.2d}, [x9]
st2 {v1.2d, v2.2d}, [x9], x10
st2 {v1.2d, v2.2d}, [x9], #32
st3 {v1.8b, v2.8b, v3.8b}, [x9]
st3 {v1.8b, v2.8b, v3.8b}, [x9], x10
st3 {v1.8b, v2.8b, v3.8b}, [x9], #24
st3 {v1.b, v2.b, v3.b}[1], [x9]
st3 {v1.b, v2.b, v3.b}[1], [x9], x10
st3 {v1.16b, v2.16b, v3.16b}, [x9]
st3 {v1.16b, v2.16b, v3.16b}, [x9], x10
st3 {v1.16b, v2.16b, v3.16b}, [x9], #48
st3 {v1.4h, v2.4h, v3.4h}, [x9]
st3 {v1.4h, v2.4h, v3.4h}, [x9], x10
st3 {v1.4h, v2.4h, v3.4h}, [x9], #24
st3 {v1.h, v2.h, v3.h}[1], [x9]
st3 {v1.h, v2.h, v3.h}[1], [x9], x10
st3 {v1.8h, v2.8h, v3.8h}, [x9]
st3 {v1.8h, v2.8h, v3.8h}, [x9], x10
st3 {v1.8h, v2.8h, v3.8h}, [x9], #48
st3 {v1.2s, v2.2s, v3.2s}, [x9]
st3 {v1.2s, v2.2s, v3.2s}, [x9], x10
st3 {v1.2s, v2.2s, v3.2s}, [x9], #24
st3 {v1.s, v2.s, v3.s}[1], [x9]
st3 {v1.s, v2.s, v3.s}[1], [x9], x10
st3 {v1.4s, v2.4s, v3.4s}, [x9]
st3 {v1.4s, v2.4s, v3.4s}, [x9], x10
st3 {v1.4s, v2.4s, v3.4s}, [x9], #48
st3 {v1.d, v2.d, v3.d}[1], [x9]
st3 {v1.d, v2.d, v3.d}[1], [x9], x10
st3 {v1.2d, v2.2d, v3.2d}, [x9]
st3 {v1.2d, v2.2d, v3.2d}, [x9], x10
st3 {v1.2d, v2.2d, v3.2d}, [x9], #48
st4 {v1.8b, v2.8b, v3.8b, v4.8b}, [x9]
st4 {v1.8b, v2.8b, v3.8b, v4.8b}, [x9], x10
st4 {v1.8b, v2.8b, v3.8b, v4.8b}, [x9], #32
st4 {v1.b, v2.b, v3.b, v4.b}[1], [x9]
st4 {v1.b, v2.b, v3.b, v4.b}[1], [x9], x10
st4 {v1.16b, v2.16b, v3.16b, v4.16b}, [x9]
st4 {v1.16b, v2.16b, v3.16b, v4.16b}, [x9], x10
st4 {v1.16b, v2.16b, v3.16b, v4.16b}, [x9], #64
st4 {v1.4h, v2.4h, v3.4h, v4.4h}, [x9]
st4 {v1.4h, v2.4h, v3.4h, v4.4h}, [x9], x10
st4 {v1.4h, v2.4h, v3.4h, v4.4h}, [x9], #32
st4 {v1.h, v2.h, v3.h, v4.h}[1], [x9]
st4 {v1.h, v2.h, v3.h, v4.h}[1], [x9], x10
st4 {v1.8h, v2.8h, v3.8h, v4.8h}, [x9]
st4 {v1.8h, v2.8h, v3.8h, v4.8h}, [x9], x10
st4 {v1.8h, v2.8h, v3.8h, v4.8h}, [x9], #64
st4 {v1.2s, v2.2s, v3.2s, v4.2s}, [x9]
st4 {v1.2s, v2.2s, v3.2s, v4.2s}, [x9], x10
st4 {v1.2s, v2.2s, v3.2s, v4.2s}, [x9], #32
st4 {v1.s, v2.s, v3.s, v4.s}[1], [x9]
st4 {v1.s, v2.s, v3.s, v4.s}[1], [x9], x10
st4 {v1.4s, v2.4s, v3.4s, v4.4s}, [x9]
st4 {v1.4s, v2.4s, v3.4s, v4.4s}, [x9], x10
st4 {v1.4s, v2.4s, v3.4s, v4.4s}, [x9], #64
st4 {v1.d, v2.d, v3.d, v4.d}[1], [x9]
st4 {v1.d, v2.d, v3.d, v4.d}[1], [x9], x10
st4 {v1.2d, v2.2d, v3.2d, v4.2d}, [x9]
st4 {v1.2d, v2.2d, v3.2d, v4.2d}, [x9], x10
st4 {v1.2d, v2.2d, v3.2d, v4.2d}, [x9], #64
stllr w1, [x2]
stllr x1, [x2]
stllrb w1, [x2]
stllrh w1, [x2]
stlr w1, [x2]
stlr x1, [x2]
stlrb w1, [x2]
stlrh w1, [x2]
stlur w1, [x2]
stlur w1, [sp, #8]
stlur w1, [x2, #-7]
stlur x1, [x2]
stlur x1, [sp, #8]
stlur x1, [x2, #-7]
stlurb w1, [x2]
stlurb w1, [sp, #8]
stlurb w1, [x2, #-7]
stlurh w1, [x2]
stlurh w1, [sp, #8]
stlurh w1, [x2, #-7]
stlxp w1, w2, w3, [x4]
stlxp w1, x2, x3, [x4]
stlxr w1, w2, [x3]
stlxr w1, x2, [x3]
stlxrb w1, w2, [x3]
stlxrh w1, w2, [x3]
stnp w1, w2, [x3]
stnp w1, w2, [x3, #16]
stnp x1, x2, [x3]
stnp x1, x2, [x3, #16]
stnp s1, s2, [x3]
stnp d1, d2, [x3]
stnp q1, q2, [x3]
stp w1, w2, [x3]
stp w1, w2, [x3, #16]
stp w1, w2, [x3], #16
stp w1, w2, [x3, #16]!
stp x1, x2, [x3]
stp x1, x2, [x3, #16]
stp x1, x2, [x3], #16
stp x1, x2, [x3, #16]!
stp s1, s2, [x3]
stp s1, s2, [x3], #16
stp s1, s2, [x3, #16]!
stp d1, d2, [x3]
stp d1, d2, [x3], #16
stp d1, d2, [x3, #16]!
stp q1, q2, [x3]
stp q1, q2, [x3], #16
stp q1, q2, [x3, #16]!
str w1, [x2]
str w1, [sp, #8]
str w1, [x2, #-7]
str w1, [x2], #8
str w1, [x2, #8]!
str w1, [x2, x3]
str w1, [x2, w3, sxtw]
str x1, [x2]
str x1, [sp, #8]
str x1, [x2, #-7]
str x1, [x2], #8
str x1, [x2, #8]!
str x1, [x2, x3]
str x1, [x2, w3, sxtw]
str b1, [x2]
str b1, [x2, #16]
str b1, [x2, #-7]
str b1, [x2], #8
str b1, [x2, #8]!
str b1, [x2, x3]
str h1, [x2]
str h1, [x2, #16]
str h1, [x2, #-7]
str h1, [x2], #8
str h1, [x2, #8]!
str h1, [x2, x3]
str s1, [x2]
str s1, [x2, #16]
str s1, [x2, #-7]
str s1, [x2], #8
str s1, [x2, #8]!
str s1, [x2, x3]
str d1, [x2]
str d1, [x2, #16]
str d1, [x2, #-7]
str d1, [x2], #8
str d1, [x2, #8]!
str d1, [x2, x3]
str q1, [x2]
str q1, [x2, #16]
str q1, [x2, #-7]
str q1, [x2], #8
str q1, [x2, #8]!
str q1, [x2, x3]
strb w1, [x2]
strb w1, [sp, #8]
strb w1, [x2, #-7]
strb w1, [x2], #8
strb w1, [x2, #8]!
strb w1, [x2, x3]
strb w1, [x2, w3, sxtw]
strh w1, [x2]
strh w1, [sp, #8]
strh w1, [x2, #-7]
strh w1, [x2], #8
strh w1, [x2, #8]!
strh w1, [x2, x3]
strh w1, [x2, w3, sxtw]
stur w1, [x2]
stur w1, [sp, #8]
stur w1, [x2, #-7]
stur x1, [x2]
stur x1, [sp, #8]
stur x1, [x2, #-7]
stur b1, [x2]
stur b1, [x2, #16]
stur b1, [x2, #-7]
stur h1, [x2]
stur h1, [x2, #16]
stur h1, [x2, #-7]
stur s1, [x2]
stur s1, [x2, #16]
stur s1, [x2, #-7]
stur d1, [x2]
stur d1, [x2, #16]
stur d1, [x2, #-7]
stur q1, [x2]
stur q1, [x2, #16]
stur q1, [x2, #-7]
sturb w1, [x2]
sturb w1, [sp, #8]
sturb w1, [x2, #-7]
sturh w1, [x2]
sturh w1, [sp, #8]
sturh w1, [x2, #-7]
stxp w1, w2, w3, [x4]
stxp w1, x2, x3, [x4]
stxr w1, w2, [x3]
stxr w1, x2, [x3]
stxrb w1, w2, [x3]
stxrh w1, w2, [x3]
sub w1, w2, w3
sub w1, w2, w3, lsl #3
sub w1, w2, w3, asr #3
sub w1, w2, #5
sub w1, w2, #0xff
sub x1, x2, x3
sub x1, x2, x3, lsl #3
sub x1, x2, x3, asr #3
sub x1, x2, #5
sub x1, x2, #0xff
sub x1, sp, w2, uxtw #2
sub w1, w2, w3, uxtb
sub x1, x2, x3, sxtx #1
sub d1, d2, d3
sub v1.8b, v2.8b, v3.8b
sub v1.16b, v2.16b, v3.16b
sub v1.4h, v2.4h, v3.4h
sub v1.8h, v2.8h, v3.8h
sub v1.2s, v2.2s, v3.2s
sub v1.4s, v2.4s, v3.4s
sub v1.2d, v2.2d, v3.2d
subhn v1.8b, v2.8h, v3.8h
subhn v1.4h, v2.4s, v3.4s
subhn v1.2s, v2.2d, v3.2d
subhn2 v1.16b, v2.8h, v3.8h
subhn2 v1.8h, v2.4s, v3.4s
subhn2 v1.4s, v2.2d, v3.2d
subs w1, w2, w3
subs w1, w2, w3, lsl #3
subs w1, w2, w3, asr #3
subs w1, w2, #5
subs w1, w2, #0xff
subs x1, x2, x3
subs x1, x2, x3, lsl #3
subs x1, x2, x3, asr #3
subs x1, x2, #5
subs x1, x2, #0xff
subs x1, sp, w2, uxtw #2
subs w1, w2, w3, uxtb
subs x1, x2, x3, sxtx #1
suqadd b1, b2
suqadd h1, h2
suqadd s1, s2
suqadd d1, d2
suqadd v1.8b, v2.8b
suqadd v1.16b, v2.16b
suqadd v1.4h, v2.4h
suqadd v1.8h, v2.8h
suqadd v1.2s, v2.2s
suqadd v1.4s, v2.4s
suqadd v1.2d, v2.2d
svc .+16
svc #42
svc #0
swp w1, w2, [x3]
swp x1, x2, [x3]
swpa w1, w2, [x3]
swpa x1, x2, [x3]
swpab w1, w2, [x3]
swpah w1, w2, [x3]
swpal w1, w2, [x3]
swpal x1, x2, [x3]
swpalb w1, w2, [x3]
swpalh w1, w2, [x3]
swpb w1, w2, [x3]
swph w1, w2, [x3]
swpl w1, w2, [x3]
swpl x1, x2, [x3]
swplb w1, w2, [x3]
swplh w1, w2, [x3]
tbl v1.8b, {v2.16b}, v3.8b
tbl v1.8b, {v2.16b, v3.16b}, v4.8b
tbl v1.16b, {v2.16b}, v3.16b
tbl v1.16b, {v2.16b, v3.16b}, v4.16b
tbnz w1, #3, .+8
tbnz x1, #3, .+8
tbx v1.8b, {v2.16b}, v3.8b
tbx v1.8b, {v2.16b, v3.16b}, v4.8b
tbx v1.16b, {v2.16b}, v3.16b
tbx v1.16b, {v2.16b, v3.16b}, v4.16b
tbz w1, #3, .+8
tbz x1, #3, .+8
trn1 v1.8b, v2.8b, v3.8b
trn1 v1.16b, v2.16b, v3.16b
trn1 v1.4h, v2.4h, v3.4h
trn1 v1.8h, v2.8h, v3.8h
trn1 v1.2s, v2.2s, v3.2s
trn1 v1.4s, v2.4s, v3.4s
trn1 v1.2d, v2.2d, v3.2d
trn2 v1.8b, v2.8b, v3.8b
trn2 v1.16b, v2.16b, v3.16b
trn2 v1.4h, v2.4h, v3.4h
trn2 v1.8h, v2.8h, v3.8h
trn2 v1.2s, v2.2s, v3.2s
trn2 v1.4s, v2.4s, v3.4s
trn2 v1.2d, v2.2d, v3.2d
uaba v1.8b, v2.8b, v3.8b
uaba v1.16b, v2.16b, v3.16b
uaba v1.4h, v2.4h, v3.4h
uaba v1.8h, v2.8h, v3.8h
uaba v1.2s, v2.2s, v3.2s
uaba v1.4s, v2.4s, v3.4s
uabal v1.8h, v2.8b, v3.8b
uabal v1.4s, v2.4h, v3.4h
uabal v1.2d, v2.2s, v3.2s
uabal2 v1.8h, v2.16b, v3.16b
uabal2 v1.4s, v2.8h, v3.8h
uabal2 v1.2d, v2.4s, v3.4s
uabd v1.8b, v2.8b, v3.8b
uabd v1.16b, v2.16b, v3.16b
uabd v1.4h, v2.4h, v3.4h
uabd v1.8h, v2.8h, v3.8h
uabd v1.2s, v2.2s, v3.2s
uabd v1.4s, v2.4s, v3.4s
uabdl v1.8h, v2.8b, v3.8b
uabdl v1.4s, v2.4h, v3.4h
uabdl v1.2d, v2.2s, v3.2s
uabdl2 v1.8h, v2.16b, v3.16b
uabdl2 v1.4s, v2.8h, v3.8h
uabdl2 v1.2d, v2.4s, v3.4s
uadalp v1.4h, v2.8b
uadalp v1.8h, v2.16b
uadalp v1.2s, v2.4h
uadalp v1.4s, v2.8h
uadalp v1.1d, v2.2s
uadalp v1.2d, v2.4s
uaddl v1.8h, v2.8b, v3.8b
uaddl v1.4s, v2.4h, v3.4h
uaddl v1.2d, v2.2s, v3.2s
uaddl2 v1.8h, v2.16b, v3.16b
uaddl2 v1.4s, v2.8h, v3.8h
uaddl2 v1.2d, v2.4s, v3.4s
uaddlp v1.4h, v2.8b
uaddlp v1.8h, v2.16b
uaddlp v1.2s, v2.4h
uaddlp v1.4s, v2.8h
uaddlp v1.1d, v2.2s
uaddlp v1.2d, v2.4s
uaddlv h1, v2.8b
uaddlv h1, v2.16b
uaddlv s1, v2.4h
uaddlv s1, v2.8h
uaddlv d1, v2.4s
uaddw v1.8h, v2.8h, v3.8b
uaddw v1.4s, v2.4s, v3.4h
uaddw v1.2d, v2.2d, v3.2s
uaddw2 v1.8h, v2.8h, v3.16b
uaddw2 v1.4s, v2.4s, v3.8h
uaddw2 v1.2d, v2.2d, v3.4s
ubfm w1, w2, #3, #5
ubfm w1, w2, #0, #7
ubfm w2, w3, #3, #5
ubfm x1, x2, #3, #5
ubfm x1, x2, #0, #7
ubfm x2, x3, #3, #5
ucvtf h1, h2
ucvtf h1, h2, #3
ucvtf h1, w2
ucvtf h1, x2
ucvtf h1, w2, #3
ucvtf h1, x2, #3
ucvtf s1, s2
ucvtf s1, s2, #3
ucvtf s1, w2
ucvtf s1, x2
ucvtf s1, w2, #3
ucvtf s1, x2, #3
ucvtf d1, d2
ucvtf d1, d2, #3
ucvtf d1, w2
ucvtf d1, x2
ucvtf d1, w2, #3
ucvtf d1, x2, #3
ucvtf v1.4h, v2.4h
ucvtf v1.4h, v2.4h, #3
ucvtf v1.8h, v2.8h
ucvtf v1.8h, v2.8h, #3
ucvtf v1.2s, v2.2s
ucvtf v1.2s, v2.2s, #3
ucvtf v1.4s, v2.4s
ucvtf v1.4s, v2.4s, #3
ucvtf v1.2d, v2.2d
ucvtf v1.2d, v2.2d, #3
ucvtf d1, d2, #64
udf .+16
udf #42
udf #0
udiv w1, w2, w3
udiv x1, x2, x3
udot v1.2s, v2.8b, v3.8b
udot v1.2s, v2.8b, v3.4b[1]
udot v1.4s, v2.16b, v3.16b
udot v1.4s, v2.16b, v3.4b[1]
uhadd v1.8b, v2.8b, v3.8b
uhadd v1.16b, v2.16b, v3.16b
uhadd v1.4h, v2.4h, v3.4h
uhadd v1.8h, v2.8h, v3.8h
uhadd v1.2s, v2.2s, v3.2s
uhadd v1.4s, v2.4s, v3.4s
uhsub v1.8b, v2.8b, v3.8b
uhsub v1.16b, v2.16b, v3.16b
uhsub v1.4h, v2.4h, v3.4h
uhsub v1.8h, v2.8h, v3.8h
uhsub v1.2s, v2.2s, v3.2s
uhsub v1.4s, v2.4s, v3.4s
umaddl x1, w2, w3, x4
umax v1.8b, v2.8b, v3.8b
umax v1.16b, v2.16b, v3.16b
umax v1.4h, v2.4h, v3.4h
umax v1.8h, v2.8h, v3.8h
umax v1.2s, v2.2s, v3.2s
umax v1.4s, v2.4s, v3.4s
umaxp v1.8b, v2.8b, v3.8b
umaxp v1.16b, v2.16b, v3.16b
umaxp v1.4h, v2.4h, v3.4h
umaxp v1.8h, v2.8h, v3.8h
umaxp v1.2s, v2.2s, v3.2s
umaxp v1.4s, v2.4s, v3.4s
umaxv b1, v2.8b
umaxv b1, v2.16b
umaxv h1, v2.4h
umaxv h1, v2.8h
umaxv s1, v2.4s
umin v1.8b, v2.8b, v3.8b
umin v1.16b, v2.16b, v3.16b
umin v1.4h, v2.4h, v3.4h
umin v1.8h, v2.8h, v3.8h
umin v1.2s, v2.2s, v3.2s
umin v1.4s, v2.4s, v3.4s
uminp v1.8b, v2.8b, v3.8b
uminp v1.16b, v2.16b, v3.16b
uminp v1.4h, v2.4h, v3.4h
uminp v1.8h, v2.8h, v3.8h
uminp v1.2s, v2.2s, v3.2s
uminp v1.4s, v2.4s, v3.4s
uminv b1, v2.8b
uminv b1, v2.16b
uminv h1, v2.4h
uminv h1, v2.8h
uminv s1, v2.4s
umlal v1.8h, v2.8b, v3.8b
umlal v1.4s, v2.4h, v3.4h
umlal v1.4s, v2.4h, v3.h[1]
umlal v1.2d, v2.2s, v3.2s
umlal v1.2d, v2.2s, v3.s[1]
umlal2 v1.8h, v2.16b, v3.16b
umlal2 v1.4s, v2.8h, v3.8h
umlal2 v1.4s, v2.8h, v3.h[1]
umlal2 v1.2d, v2.4s, v3.4s
umlal2 v1.2d, v2.4s, v3.s[1]
umlsl v1.8h, v2.8b, v3.8b
umlsl v1.4s, v2.4h, v3.4h
umlsl v1.4s, v2.4h, v3.h[1]
umlsl v1.2d, v2.2s, v3.2s
umlsl v1.2d, v2.2s, v3.s[1]
umlsl2 v1.8h, v2.16b, v3.16b
umlsl2 v1.4s, v2.8h, v3.8h
umlsl2 v1.4s, v2.8h, v3.h[1]
umlsl2 v1.2d, v2.4s, v3.4s
umlsl2 v1.2d, v2.4s, v3.s[1]
umov x1, v2.d[1]
umov w1, v2.b[3]
umov w1, v2.h[3]
umov w1, v2.s[3]
umsubl x1, w2, w3, x4
umulh x1, x2, x3
umull v1.8h, v2.8b, v3.8b
umull v1.4s, v2.4h, v3.4h
umull v1.4s, v2.4h, v3.h[1]
umull v1.2d, v2.2s, v3.2s
umull v1.2d, v2.2s, v3.s[1]
umull2 v1.8h, v2.16b, v3.16b
umull2 v1.4s, v2.8h, v3.8h
umull2 v1.4s, v2.8h, v3.h[1]
umull2 v1.2d, v2.4s, v3.4s
umull2 v1.2d, v2.4s, v3.s[1]
uqadd b1, b2, b3
uqadd h1, h2, h3
uqadd s1, s2, s3
uqadd d1, d2, d3
uqadd v1.8b, v2.8b, v3.8b
uqadd v1.16b, v2.16b, v3.16b
uqadd v1.4h, v2.4h, v3.4h
uqadd v1.8h, v2.8h, v3.8h
uqadd v1.2s, v2.2s, v3.2s
uqadd v1.4s, v2.4s, v3.4s
uqadd v1.2d, v2.2d, v3.2d
uqrshl b1, b2, b3
uqrshl h1, h2, h3
uqrshl s1, s2, s3
uqrshl d1, d2, d3
uqrshl v1.8b, v2.8b, v3.8b
uqrshl v1.16b, v2.16b, v3.16b
uqrshl v1.4h, v2.4h, v3.4h
uqrshl v1.8h, v2.8h, v3.8h
uqrshl v1.2s, v2.2s, v3.2s
uqrshl v1.4s, v2.4s, v3.4s
uqrshl v1.2d, v2.2d, v3.2d
uqrshrn b1, h2, #3
uqrshrn h1, s2, #3
uqrshrn s1, d2, #3
uqrshrn v1.8b, v2.8h, #3
uqrshrn v1.8b, v2.8h, #8
uqrshrn v1.4h, v2.4s, #3
uqrshrn v1.4h, v2.4s, #8
uqrshrn v1.4h, v2.4s, #16
uqrshrn v1.2s, v2.2d, #3
uqrshrn v1.2s, v2.2d, #8
uqrshrn v1.2s, v2.2d, #16
uqrshrn v1.2s, v2.2d, #32
uqrshrn2 v1.16b, v2.8h, #3
uqrshrn2 v1.16b, v2.8h, #8
uqrshrn2 v1.8h, v2.4s, #3
uqrshrn2 v1.8h, v2.4s, #8
uqrshrn2 v1.8h, v2.4s, #16
uqrshrn2 v1.4s, v2.2d, #3
uqrshrn2 v1.4s, v2.2d, #8
uqrshrn2 v1.4s, v2.2d, #16
uqrshrn2 v1.4s, v2.2d, #32
uqshl b1, b2, b3
uqshl b1, b2, #3
uqshl b1, b2, #0
uqshl h1, h2, h3
uqshl h1, h2, #3
uqshl h1, h2, #0
uqshl s1, s2, s3
uqshl s1, s2, #3
uqshl s1, s2, #0
uqshl d1, d2, d3
uqshl d1, d2, #3
uqshl d1, d2, #0
uqshl v1.8b, v2.8b, v3.8b
uqshl v1.8b, v2.8b, #3
uqshl v1.8b, v2.8b, #0
uqshl v1.16b, v2.16b, v3.16b
uqshl v1.16b, v2.16b, #3
uqshl v1.16b, v2.16b, #0
uqshl v1.4h, v2.4h, v3.4h
uqshl v1.4h, v2.4h, #3
uqshl v1.4h, v2.4h, #0
uqshl v1.8h, v2.8h, v3.8h
uqshl v1.8h, v2.8h, #3
uqshl v1.8h, v2.8h, #0
uqshl v1.2s, v2.2s, v3.2s
uqshl v1.2s, v2.2s, #3
uqshl v1.2s, v2.2s, #0
uqshl v1.4s, v2.4s, v3.4s
uqshl v1.4s, v2.4s, #3
uqshl v1.4s, v2.4s, #0
uqshl v1.2d, v2.2d, v3.2d
uqshl v1.2d, v2.2d, #3
uqshl v1.2d, v2.2d, #0
uqshrn b1, h2, #3
uqshrn h1, s2, #3
uqshrn s1, d2, #3
uqshrn v1.8b, v2.8h, #3
uqshrn v1.8b, v2.8h, #8
uqshrn v1.4h, v2.4s, #3
uqshrn v1.4h, v2.4s, #8
uqshrn v1.4h, v2.4s, #16
uqshrn v1.2s, v2.2d, #3
uqshrn v1.2s, v2.2d, #8
uqshrn v1.2s, v2.2d, #16
uqshrn v1.2s, v2.2d, #32
uqshrn2 v1.16b, v2.8h, #3
uqshrn2 v1.16b, v2.8h, #8
uqshrn2 v1.8h, v2.4s, #3
uqshrn2 v1.8h, v2.4s, #8
uqshrn2 v1.8h, v2.4s, #16
uqshrn2 v1.4s, v2.2d, #3
uqshrn2 v1.4s, v2.2d, #8
uqshrn2 v1.4s, v2.2d, #16
uqshrn2 v1.4s, v2.2d, #32
uqsub b1, b2, b3
uqsub h1, h2, h3
uqsub s1, s2, s3
uqsub d1, d2, d3
uqsub v1.8b, v2.8b, v3.8b
uqsub v1.16b, v2.16b, v3.16b
uqsub v1.4h, v2.4h, v3.4h
uqsub v1.8h, v2.8h, v3.8h
uqsub v1.2s, v2.2s, v3.2s
uqsub v1.4s, v2.4s, v3.4s
uqsub v1.2d, v2.2d, v3.2d
uqxtn b1, h2
uqxtn h1, s2
uqxtn s1, d2
uqxtn v1.8b, v2.8h
uqxtn v1.4h, v2.4s
uqxtn v1.2s, v2.2d
uqxtn2 v1.16b, v2.8h
uqxtn2 v1.8h, v2.4s
uqxtn2 v1.4s, v2.2d
urecpe v1.2s, v2.2s
urecpe v1.4s, v2.4s
urhadd v1.8b, v2.8b, v3.8b
urhadd v1.16b, v2.16b, v3.16b
urhadd v1.4h, v2.4h, v3.4h
urhadd v1.8h, v2.8h, v3.8h
urhadd v1.2s, v2.2s, v3.2s
urhadd v1.4s, v2.4s, v3.4s
urshl d1, d2, d3
urshl v1.8b, v2.8b, v3.8b
urshl v1.16b, v2.16b, v3.16b
urshl v1.4h, v2.4h, v3.4h
urshl v1.8h, v2.8h, v3.8h
urshl v1.2s, v2.2s, v3.2s
urshl v1.4s, v2.4s, v3.4s
urshl v1.2d, v2.2d, v3.2d
urshr d1, d2, #3
urshr v1.8b, v2.8b, #3
urshr v1.16b, v2.16b, #3
urshr v1.4h, v2.4h, #3
urshr v1.8h, v2.8h, #3
urshr v1.2s, v2.2s, #3
urshr v1.4s, v2.4s, #3
urshr v1.2d, v2.2d, #3
urshr d1, d2, #64
ursqrte v1.2s, v2.2s
ursqrte v1.4s, v2.4s
ursra d1, d2, #3
ursra v1.8b, v2.8b, #3
ursra v1.16b, v2.16b, #3
ursra v1.4h, v2.4h, #3
ursra v1.8h, v2.8h, #3
ursra v1.2s, v2.2s, #3
ursra v1.4s, v2.4s, #3
ursra v1.2d, v2.2d, #3
ursra d1, d2, #64
ushl d1, d2, d3
ushl v1.8b, v2.8b, v3.8b
ushl v1.16b, v2.16b, v3.16b
ushl v1.4h, v2.4h, v3.4h
ushl v1.8h, v2.8h, v3.8h
ushl v1.2s, v2.2s, v3.2s
ushl v1.4s, v2.4s, v3.4s
ushl v1.2d, v2.2d, v3.2d
ushll v1.8h, v2.8b, #3
ushll v1.4s, v2.4h, #3
ushll v1.4s, v2.4h, #8
ushll v1.2d, v2.2s, #3
ushll v1.2d, v2.2s, #8
ushll v1.2d, v2.2s, #16
ushll2 v1.8h, v2.16b, #3
ushll2 v1.4s, v2.8h, #3
ushll2 v1.4s, v2.8h, #8
ushll2 v1.2d, v2.4s, #3
ushll2 v1.2d, v2.4s, #8
ushll2 v1.2d, v2.4s, #16
ushr d1, d2, #3
ushr v1.8b, v2.8b, #3
ushr v1.16b, v2.16b, #3
ushr v1.4h, v2.4h, #3
ushr v1.8h, v2.8h, #3
ushr v1.2s, v2.2s, #3
ushr v1.4s, v2.4s, #3
ushr v1.2d, v2.2d, #3
ushr d1, d2, #64
usqadd b1, b2
usqadd h1, h2
usqadd s1, s2
usqadd d1, d2
usqadd v1.8b, v2.8b
usqadd v1.16b, v2.16b
usqadd v1.4h, v2.4h
usqadd v1.8h, v2.8h
usqadd v1.2s, v2.2s
usqadd v1.4s, v2.4s
usqadd v1.2d, v2.2d
usra d1, d2, #3
usra v1.8b, v2.8b, #3
usra v1.16b, v2.16b, #3
usra v1.4h, v2.4h, #3
usra v1.8h, v2.8h, #3
usra v1.2s, v2.2s, #3
usra v1.4s, v2.4s, #3
usra v1.2d, v2.2d, #3
usra d1, d2, #64
usubl v1.8h, v2.8b, v3.8b
usubl v1.4s, v2.4h, v3.4h
usubl v1.2d, v2.2s, v3.2s
usubl2 v1.8h, v2.16b, v3.16b
usubl2 v1.4s, v2.8h, v3.8h
usubl2 v1.2d, v2.4s, v3.4s
usubw v1.8h, v2.8h, v3.8b
usubw v1.4s, v2.4s, v3.4h
usubw v1.2d, v2.2d, v3.2s
usubw2 v1.8h, v2.8h, v3.16b
usubw2 v1.4s, v2.4s, v3.8h
usubw2 v1.2d, v2.2d, v3.4s
uzp1 v1.8b, v2.8b, v3.8b
uzp1 v1.16b, v2.16b, v3.16b
uzp1 v1.4h, v2.4h, v3.4h
uzp1 v1.8h, v2.8h, v3.8h
uzp1 v1.2s, v2.2s, v3.2s
uzp1 v1.4s, v2.4s, v3.4s
uzp1 v1.2d, v2.2d, v3.2d
uzp2 v1.8b, v2.8b, v3.8b
uzp2 v1.16b, v2.16b, v3.16b
uzp2 v1.4h, v2.4h, v3.4h
uzp2 v1.8h, v2.8h, v3.8h
uzp2 v1.2s, v2.2s, v3.2s
uzp2 v1.4s, v2.4s, v3.4s
uzp2 v1.2d, v2.2d, v3.2d
xaflag
xar v1.2d, v2.2d, v3.2d, #3
xtn v1.8b, v2.8h
xtn v1.4h, v2.4s
xtn v1.2s, v2.2d
xtn2 v1.16b, v2.8h
xtn2 v1.8h, v2.4s
xtn2 v1.4s, v2.2d
zip1 v1.8b, v2.8b, v3.8b
zip1 v1.16b, v2.16b, v3.16b
zip1 v1.4h, v2.4h, v3.4h
zip1 v1.8h, v2.8h, v3.8h
zip1 v1.2s, v2.2s, v3.2s
zip1 v1.4s, v2.4s, v3.4s
zip1 v1.2d, v2.2d, v3.2d
zip2 v1.8b, v2.8b, v3.8b
zip2 v1.16b, v2.16b, v3.16b
zip2 v1.4h, v2.4h, v3.4h
zip2 v1.8h, v2.8h, v3.8h
zip2 v1.2s, v2.2s, v3.2s
zip2 v1.4s, v2.4s, v3.4s
zip2 v1.2d, v2.2d, v3.2d
eret
eretaa
eretab
msr daifset, #2
msr spsel, #1
msr pan, #0
hvc #1
smc #2
hlt #0xf000
sttrb w1, [x2, #3]
ldtrb w1, [x2, #3]
ldtrsb x1, [x2, #3]
ldtrsb w1, [x2, #3]
sttrh w1, [x2, #3]
ldtrh w1, [x2, #3]
ldtrsh x1, [x2, #3]
ldtrsh w1, [x2, #3]
sttr w1, [x2, #3]
ldtr w1, [x2, #3]
ldtrsw x1, [x2, #3]
sttr x1, [x2, #3]
ldtr x1, [x2, #3]
mrs x1, sctlr_el1
msr vbar_el2, x1
at s1e1r, x1
tlbi vae1is, x1
fcadd v1.4h, v2.4h, v3.4h, #90
fcadd v1.4h, v2.4h, v3.4h, #270
fcmla v1.4h, v2.4h, v3.4h, #0
fcmla v1.4h, v2.4h, v3.4h, #90
fcmla v1.4h, v2.4h, v3.4h, #180
fcmla v1.4h, v2.4h, v3.4h, #270
fcadd v1.8h, v2.8h, v3.8h, #90
fcadd v1.8h, v2.8h, v3.8h, #270
fcmla v1.8h, v2.8h, v3.8h, #0
fcmla v1.8h, v2.8h, v3.8h, #90
fcmla v1.8h, v2.8h, v3.8h, #180
fcmla v1.8h, v2.8h, v3.8h, #270
fcadd v1.2s, v2.2s, v3.2s, #90
fcadd v1.2s, v2.2s, v3.2s, #270
fcmla v1.2s, v2.2s, v3.2s, #0
fcmla v1.2s, v2.2s, v3.2s, #90
fcmla v1.2s, v2.2s, v3.2s, #180
fcmla v1.2s, v2.2s, v3.2s, #270
fcadd v1.4s, v2.4s, v3.4s, #90
fcadd v1.4s, v2.4s, v3.4s, #270
fcmla v1.4s, v2.4s, v3.4s, #0
fcmla v1.4s, v2.4s, v3.4s, #90
fcmla v1.4s, v2.4s, v3.4s, #180
fcmla v1.4s, v2.4s, v3.4s, #270
fcadd v1.2d, v2.2d, v3.2d, #90
fcadd v1.2d, v2.2d, v3.2d, #270
fcmla v1.2d, v2.2d, v3.2d, #0
fcmla v1.2d, v2.2d, v3.2d, #90
fcmla v1.2d, v2.2d, v3.2d, #180
fcmla v1.2d, v2.2d, v3.2d, #270
fcmla v1.4h, v2.4h, v3.h[1], #0
fcmla v1.4h, v2.4h, v3.h[1], #90
fcmla v1.4h, v2.4h, v3.h[1], #180
fcmla v1.4h, v2.4h, v3.h[1], #270
fcmla v1.8h, v2.8h, v3.h[3], #0
fcmla v1.8h, v2.8h, v3.h[3], #90
fcmla v1.8h, v2.8h, v3.h[3], #180
fcmla v1.8h, v2.8h, v3.h[3], #270
fcmla v1.4s, v2.4s, v3.s[1], #0
fcmla v1.4s, v2.4s, v3.s[1], #90
fcmla v1.4s, v2.4s, v3.s[1], #180
fcmla v1.4s, v2.4s, v3.s[1], #270
fmlal v1.2s, v2.2h, v3.2h
fmlal v1.2s, v2.2h, v3.h[5]
fmlal v1.4s, v2.4h, v3.4h
fmlal v1.4s, v2.4h, v3.h[5]
fmlal2 v1.2s, v2.2h, v3.2h
fmlal2 v1.2s, v2.2h, v3.h[5]
fmlal2 v1.4s, v2.4h, v3.4h
fmlal2 v1.4s, v2.4h, v3.h[5]
fmlsl v1.2s, v2.2h, v3.2h
fmlsl v1.2s, v2.2h, v3.h[5]
fmlsl v1.4s, v2.4h, v3.4h
fmlsl v1.4s, v2.4h, v3.h[5]
fmlsl2 v1.2s, v2.2h, v3.2h
fmlsl2 v1.2s, v2.2h, v3.h[5]
fmlsl2 v1.4s, v2.4h, v3.4h
fmlsl2 v1.4s, v2.4h, v3.h[5]
bfcvt h1, s2
bfcvtn v1.4h, v2.4s
bfcvtn2 v1.8h, v2.4s
bfmmla v1.4s, v2.8h, v3.8h
bfdot v1.2s, v2.4h, v3.4h
bfdot v1.2s, v2.4h, v3.2h[2]
bfdot v1.4s, v2.8h, v3.8h
bfdot v1.4s, v2.8h, v3.2h[2]
bfmlalb v1.4s, v2.8h, v3.8h
bfmlalb v1.4s, v2.8h, v3.h[5]
bfmlalt v1.4s, v2.8h, v3.8h
bfmlalt v1.4s, v2.8h, v3.h[5]
smmla v1.4s, v2.16b, v3.16b
ummla v1.4s, v2.16b, v3.16b
usmmla v1.4s, v2.16b, v3.16b
usdot v1.2s, v2.8b, v3.8b
usdot v1.2s, v2.8b, v3.4b[2]
sudot v1.2s, v2.8b, v3.4b[2]
usdot v1.4s, v2.16b, v3.16b
usdot v1.4s, v2.16b, v3.4b[2]
sudot v1.4s, v2.16b, v3.4b[2]
sha512h q1, q2, v3.2d
sha512h2 q1, q2, v3.2d
sha512su0 v1.2d, v2.2d
sha512su1 v1.2d, v2.2d, v3.2d
sm3partw1 v1.4s, v2.4s, v3.4s
sm3partw2 v1.4s, v2.4s, v3.4s
sm3ss1 v1.4s, v2.4s, v3.4s, v4.4s
sm3tt1a v1.4s, v2.4s, v3.s[2]
sm3tt1b v1.4s, v2.4s, v3.s[2]
sm3tt2a v1.4s, v2.4s, v3.s[2]
sm3tt2b v1.4s, v2.4s, v3.s[2]
sm4e v1.4s, v2.4s
sm4ekey v1.4s, v2.4s, v3.4s
pacia x1, x2
pacia x1, sp
pacib x1, x2
pacib x1, sp
pacda x1, x2
pacda x1, sp
pacdb x1, x2
pacdb x1, sp
autia x1, x2
autia x1, sp
autib x1, x2
autib x1, sp
autda x1, x2
autda x1, sp
autdb x1, x2
autdb x1, sp
paciza x1
pacizb x1
pacdza x1
pacdzb x1
autiza x1
autizb x1
autdza x1
autdzb x1
xpaci x1
xpacd x1
pacga x1, x2, x3
pacga x1, x2, sp
xpaclri
pacia1716
pacib1716
autia1716
autib1716
paciaz
paciasp
pacibz
pacibsp
autiaz
autiasp
autibz
autibsp
retaa
retab
braa x1, x2
braa x1, sp
braaz x1
brab x1, x2
brab x1, sp
brabz x1
blraa x1, x2
blraa x1, sp
blraaz x1
blrab x1, x2
blrab x1, sp
blrabz x1
ldraa x1, [x2]
ldraa x1, [x2, #-4096]
ldraa x1, [x2, #8]!
ldraa x1, [sp, #4088]!
ldrab x1, [x2]
ldrab x1, [x2, #-4096]
ldrab x1, [x2, #8]!
ldrab x1, [sp, #4088]!
bti
bti c
bti j
bti jc
bc.eq .+16
bc.ne .+16
bc.cs .+16
bc.cc .+16
bc.mi .+16
bc.pl .+16
bc.vs .+16
bc.vc .+16
bc.hi .+16
bc.ls .+16
bc.ge .+16
bc.lt .+16
bc.gt .+16
bc.le .+16
wfet x1
wfit x1
mrs x1, rndr
mrs x1, rndrrs
dc cvap, x1
dc cvadp, x1
dsb synxs
dsb ishnxs
dsb nshnxs
dsb oshnxs
esb
psb csync
tsb csync
csdb
dgh
cpyp [x1]!, [x2]!, x3!
cpym [x1]!, [x2]!, x3!
cpye [x1]!, [x2]!, x3!
cpypn [x1]!, [x2]!, x3!
cpymn [x1]!, [x2]!, x3!
cpyen [x1]!, [x2]!, x3!
cpyprn [x1]!, [x2]!, x3!
cpymrn [x1]!, [x2]!, x3!
cpyern [x1]!, [x2]!, x3!
cpyprt [x1]!, [x2]!, x3!
cpymrt [x1]!, [x2]!, x3!
cpyert [x1]!, [x2]!, x3!
cpyprtn [x1]!, [x2]!, x3!
cpymrtn [x1]!, [x2]!, x3!
cpyertn [x1]!, [x2]!, x3!
cpyprtrn [x1]!, [x2]!, x3!
cpymrtrn [x1]!, [x2]!, x3!
cpyertrn [x1]!, [x2]!, x3!
cpyprtwn [x1]!, [x2]!, x3!
cpymrtwn [x1]!, [x2]!, x3!
cpyertwn [x1]!, [x2]!, x3!
cpypt [x1]!, [x2]!, x3!
cpymt [x1]!, [x2]!, x3!
cpyet [x1]!, [x2]!, x3!
cpyptn [x1]!, [x2]!, x3!
cpymtn [x1]!, [x2]!, x3!
cpyetn [x1]!, [x2]!, x3!
cpyptrn [x1]!, [x2]!, x3!
cpymtrn [x1]!, [x2]!, x3!
cpyetrn [x1]!, [x2]!, x3!
cpyptwn [x1]!, [x2]!, x3!
cpymtwn [x1]!, [x2]!, x3!
cpyetwn [x1]!, [x2]!, x3!
cpypwn [x1]!, [x2]!, x3!
cpymwn [x1]!, [x2]!, x3!
cpyewn [x1]!, [x2]!, x3!
cpypwt [x1]!, [x2]!, x3!
cpymwt [x1]!, [x2]!, x3!
cpyewt [x1]!, [x2]!, x3!
cpypwtn [x1]!, [x2]!, x3!
cpymwtn [x1]!, [x2]!, x3!
cpyewtn [x1]!, [x2]!, x3!
cpypwtrn [x1]!, [x2]!, x3!
cpymwtrn [x1]!, [x2]!, x3!
cpyewtrn [x1]!, [x2]!, x3!
cpypwtwn [x1]!, [x2]!, x3!
cpymwtwn [x1]!, [x2]!, x3!
cpyewtwn [x1]!, [x2]!, x3!
cpyfp [x1]!, [x2]!, x3!
cpyfm [x1]!, [x2]!, x3!
cpyfe [x1]!, [x2]!, x3!
cpyfpn [x1]!, [x2]!, x3!
cpyfmn [x1]!, [x2]!, x3!
cpyfen [x1]!, [x2]!, x3!
cpyfprn [x1]!, [x2]!, x3!
cpyfmrn [x1]!, [x2]!, x3!
cpyfern [x1]!, [x2]!, x3!
cpyfprt [x1]!, [x2]!, x3!
cpyfmrt [x1]!, [x2]!, x3!
cpyfert [x1]!, [x2]!, x3!
cpyfprtn [x1]!, [x2]!, x3!
cpyfmrtn [x1]!, [x2]!, x3!
cpyfertn [x1]!, [x2]!, x3!
cpyfprtrn [x1]!, [x2]!, x3!
cpyfmrtrn [x1]!, [x2]!, x3!
cpyfertrn [x1]!, [x2]!, x3!
cpyfprtwn [x1]!, [x2]!, x3!
cpyfmrtwn [x1]!, [x2]!, x3!
cpyfertwn [x1]!, [x2]!, x3!
cpyfpt [x1]!, [x2]!, x3!
cpyfmt [x1]!, [x2]!, x3!
cpyfet [x1]!, [x2]!, x3!
cpyfptn [x1]!, [x2]!, x3!
cpyfmtn [x1]!, [x2]!, x3!
cpyfetn [x1]!, [x2]!, x3!
cpyfptrn [x1]!, [x2]!, x3!
cpyfmtrn [x1]!, [x2]!, x3!
cpyfetrn [x1]!, [x2]!, x3!
cpyfptwn [x1]!, [x2]!, x3!
cpyfmtwn [x1]!, [x2]!, x3!
cpyfetwn [x1]!, [x2]!, x3!
cpyfpwn [x1]!, [x2]!, x3!
cpyfmwn [x1]!, [x2]!, x3!
cpyfewn [x1]!, [x2]!, x3!
cpyfpwt [x1]!, [x2]!, x3!
cpyfmwt [x1]!, [x2]!, x3!
cpyfewt [x1]!, [x2]!, x3!
cpyfpwtn [x1]!, [x2]!, x3!
cpyfmwtn [x1]!, [x2]!, x3!
cpyfewtn [x1]!, [x2]!, x3!
cpyfpwtrn [x1]!, [x2]!, x3!
cpyfmwtrn [x1]!, [x2]!, x3!
cpyfewtrn [x1]!, [x2]!, x3!
cpyfpwtwn [x1]!, [x2]!, x3!
cpyfmwtwn [x1]!, [x2]!, x3!
cpyfewtwn [x1]!, [x2]!, x3!
setp [x1]!, x2!, x3
setm [x1]!, x2!, x3
sete [x1]!, x2!, x3
setpn [x1]!, x2!, x3
setmn [x1]!, x2!, x3
seten [x1]!, x2!, x3
setpt [x1]!, x2!, x3
setmt [x1]!, x2!, x3
setet [x1]!, x2!, x3
setptn [x1]!, x2!, x3
setmtn [x1]!, x2!, x3
setetn [x1]!, x2!, x3
