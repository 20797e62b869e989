# Expected text: rv64.txt, made by regenerate.sh
	.include "common.s"
	.option norvc
	load	lwu, ld
	load	sd
	.macro shift6 mnemonics:vararg
	.irp m, \mnemonics
	\m	a3, s3, 63
	.endr
	.endm
	shift6	slli, srli, srai, rori, bclri, bexti, binvi, bseti, slli.uw
	rri	addiw
	shift5	slliw, srliw, sraiw, roriw
	rrr	addw, subw, sllw, srlw, sraw, mulw, divw, divuw, remw, remuw
	amo	amoswap.d, amoadd.d, amoxor.d, amoand.d, amoor.d, amomin.d, amomax.d, amominu.d, amomaxu.d, sc.d
	lr.d	a0, (a1)
	lr.d.aqrl	a0, (a1)
	.irp s, s, d, h
	toint	fcvt.l.\s, fcvt.lu.\s
	fromint	fcvt.\s\().l, fcvt.\s\().lu
	.endr
	fmv.x.d	a0, fa1
	fmv.d.x	fa0, a1
	rrr	add.uw, sh1add.uw, sh2add.uw, sh3add.uw, rolw, rorw, packw
	rr	clzw, ctzw, cpopw, zext.h
	rrr	aes64es, aes64esm, aes64ds, aes64dsm, aes64ks2
	rr	aes64im
	aes64ks1i	a0, a1, 0
	aes64ks1i	a0, a1, 10
	rr	sha512sum0, sha512sum1, sha512sig0, sha512sig1
	.option rvc
	c.ld	a0, 248(s1)
	c.sd	s0, 8(a5)
	c.addiw	a0, -32
	c.addiw	t6, 0
	c.srli	a0, 63
	c.srai	s1, 32
	c.subw	a0, s1
	c.addw	a0, s1
	c.slli	t6, 63
	c.ldsp	a0, 504(sp)
	c.sdsp	t6, 504(sp)
