# Expected text: rv32.txt, made by regenerate.sh
	.include "common.s"
	.option norvc
	rr	zext.h, zip, unzip
	.irp m, aes32esi, aes32esmi, aes32dsi, aes32dsmi
	\m	a0, a1, a2, 0
	\m	t6, s11, ra, 3
	.endr
	rrr	sha512sum0r, sha512sum1r, sha512sig0l, sha512sig0h, sha512sig1l, sha512sig1h
	.irp c, cycleh, timeh, instreth, hpmcounter3h, mcycleh, minstreth, mhpmcounter3h, mstatush, menvcfgh, mseccfgh, stimecmph, mhpmevent3h, mstateen0h
	csrrs	a0, \c, zero
	.endr
	.option rvc
	c.flw	fa0, 124(s1)
	c.fsw	fs0, 0(a5)
	c.jal	.+2046
	c.flwsp	fa0, 252(sp)
	c.fswsp	ft11, 252(sp)
