// Every semihosting operation, with results that do not depend on the host: what is printed is compared with QEMU's.
// Left out: modes "a" of files, which QEMU 7.2 writes from the start.
typedef unsigned long word;
typedef long sword;

static word call(word operation, const void *parameter)
{
#if defined(__aarch64__)
    register word r0 __asm__("x0") = operation;
    register const void *r1 __asm__("x1") = parameter;
    __asm__ volatile("hlt #0xf000" : "+r"(r0) : "r"(r1) : "memory");
#else
    register word r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = parameter;
#if defined(__thumb__) && defined(BY_HALT)
    __asm__ volatile(".inst.n 0xbabc" : "+r"(r0) : "r"(r1) : "memory");
#elif defined(__thumb__)
    __asm__ volatile("svc #0xab" : "+r"(r0) : "r"(r1) : "memory", "lr");
#elif defined(BY_HALT)
    __asm__ volatile(".inst 0xe10f0070" : "+r"(r0) : "r"(r1) : "memory");
#else
    __asm__ volatile("svc #0x123456" : "+r"(r0) : "r"(r1) : "memory", "lr");
#endif
#endif
    return r0;
}

static word length_of(const char *s)
{
    word n = 0;
    while (s[n])
        n++;
    return n;
}

static void put(const char *s) { call(0x04, s); }

static void number(sword v)
{
    char text[24];
    char *p = text + 23;
    word u = v < 0 ? -(word)v : (word)v;
    *p = 0;
    do
    {
        word q = 0, r = 0;
        for (int i = sizeof(word) * 8 - 1; i >= 0; i--)       // no division in the smaller cores
        {
            r = r << 1 | (u >> i & 1);
            q <<= 1;
            if (r >= 10)
                r -= 10, q |= 1;
        }
        *--p = '0' + r;
        u = q;
    } while (u);
    if (v < 0)
        *--p = '-';
    put(p);
}

static void show(const char *what, sword v)
{
    put(what);
    put(" ");
    number(v);
    call(0x03, "\n");
}

static sword open(const char *name, word mode)
{
    word block[3] = {(word)name, mode, length_of(name)};
    return call(0x01, block);
}

static sword close(sword h) { word b[1] = {h}; return call(0x02, b); }
static sword write(sword h, const char *s) { word b[3] = {h, (word)s, length_of(s)}; return call(0x05, b); }
static sword read(sword h, char *s, word n) { word b[3] = {h, (word)s, n}; return call(0x06, b); }
static sword seek(sword h, word at) { word b[2] = {h, at}; return call(0x0a, b); }
static sword flen(sword h) { word b[1] = {h}; return call(0x0c, b); }
static sword istty(sword h) { word b[1] = {h}; return call(0x09, b); }
static sword iserror(sword v) { word b[1] = {v}; return call(0x08, b); }
static sword rename(const char *a, const char *z) { word b[4] = {(word)a, length_of(a), (word)z, length_of(z)}; return call(0x0f, b); }
static sword remove(const char *a) { word b[2] = {(word)a, length_of(a)}; return call(0x0e, b); }

static char buffer[256];

static void content(const char *name)
{
    sword h = open(name, 0);
    for (int i = 0; i < 256; i++)
        buffer[i] = 0;
    put(name);
    put(": ");
    if (h < 0)
    {
        put("none\n");
        return;
    }
    sword left = read(h, buffer, 255);
    put(buffer);
    show(" |", 255 - left);
    close(h);
}

int main(void)
{
    put("hello\n");
    sword out = open(":tt", 4), in = open(":tt", 0), err = open(":tt", 8);
    show("distinct", out > 0 && in > 0 && err > 0 && out != in && in != err && out != err);
    show("write out", write(out, "to stdout\n"));
    show("write err", write(err, "to stderr\n"));
    show("close err", close(err));
    show("close again", close(err));
    show("write closed", write(err, "nothing"));
    sword features = open(":semihosting-features", 0);
    show("features tty", istty(features));
    show("features length at least 5", flen(features) >= 5);
    show("features read", read(features, buffer, 5));
    show("magic", buffer[0] == 0x53 && buffer[1] == 0x48 && buffer[2] == 0x46 && buffer[3] == 0x42);
    show("features", buffer[4]);
    show("features seek", seek(features, 4));
    buffer[0] = 0;
    show("features read", read(features, buffer, 1));
    show("features", buffer[0]);
    show("features close", close(features));
    show("features for writing", open(":semihosting-features", 4));

    show("missing", open("missing", 0));
    show("errno", call(0x13, 0));
    show("mode 12", open("f", 12));
    sword f = open("f", 6);
    show("opened", f > 0);
    show("tty file", istty(f));
    show("write", write(f, "0123456789"));
    show("length", flen(f));
    show("read at end", read(f, buffer, 4));
    show("seek", seek(f, 3));
    show("write", write(f, "abc"));
    buffer[4] = 0;
    show("read", read(f, buffer, 4));
    put(buffer);
    show(" length", flen(f));
    show("read more than there is", (seek(f, 8), read(f, buffer, 100)));
    show("close", close(f));
    content("f");
    f = open("f", 2);
    show("update", write(f, "XY"));
    buffer[2] = 0;
    read(f, buffer, 2);
    put(buffer);
    show(" close", close(f));
    content("f");
    f = open("f", 0);
    show("write to read-only", write(f, "no"));
    close(f);
    f = open("f", 4);
    show("read of write-only", read(f, buffer, 2));
    show("empty", flen(f));
    write(f, "new");
    close(f);
    show("rename", rename("f", "g"));
    content("f");
    content("g");
    show("rename of nothing fails", rename("f", "h") != 0);
    show("remove", remove("g"));
    show("remove of nothing fails", remove("g") != 0);
    content("g");

    show("is error", iserror(-1) != 0);
    show("is no error", iserror(5));
    char name[64];
    word tmp[3] = {(word)name, 7, 64};
    show("tmpnam", call(0x0d, tmp));
    show("has a name", name[0] != 0);
    word line[2] = {(word)buffer, 256};
    show("cmdline", call(0x15, line));
    put(buffer);
    show(" |", line[1]);
    word small[2] = {(word)buffer, 3};
    show("cmdline in 3 bytes", call(0x15, small));
    word heap[4] = {0, 0, 0, 0};
    word where[1] = {(word)heap};
    call(0x16, where);
    show("heap", heap[1] > heap[0] && (word)main < heap[1]);
    show("tick frequency", call(0x31, 0));
    unsigned long long ticks[2] = {0, 0};
    show("elapsed", call(0x30, &ticks[0]));
    call(0x30, &ticks[1]);
    show("goes on", ticks[1] > ticks[0]);
    show("clock", (sword)call(0x10, 0) >= 0);
    show("time", call(0x11, 0) > 1700000000);
    put("bye\n");
    word end[2] = {0x20026, 42};
    call(0x20, end);
    put("not reached\n");
    for (;;) { }
}
