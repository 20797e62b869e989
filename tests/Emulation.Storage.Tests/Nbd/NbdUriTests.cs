namespace Emulation.Storage.Tests.Nbd;

public sealed class NbdUriTests
{
    [TestCase("nbd://example.com/disk", "example.com", 10809, "disk", "nbd://example.com:10809/disk")]
    [TestCase("nbd://example.com/", "example.com", 10809, "", "nbd://example.com:10809/")]
    [TestCase("NBD://example.com", "example.com", 10809, "", "nbd://example.com:10809/")]
    [TestCase("nbd://example.com//disk", "example.com", 10809, "/disk", "nbd://example.com:10809//disk")]
    [TestCase("nbd://example.com/hello%20world", "example.com", 10809, "hello world", "nbd://example.com:10809/hello%20world")]
    [TestCase("nbds://[::1]:1234/a%3Fb%25", "::1", 1234, "a?b%", "nbds://[::1]:1234/a%3Fb%25")]
    [TestCase("nbd://h/%C3%A4?tls-hostname=x&tls-verify-peer=0&tls-type=x509", "h", 10809, "ä", "nbd://h:10809/%C3%A4?tls-hostname=x&tls-verify-peer=0")]
    public void Host_port_and_name_are_read_and_written(string text, string host, int port, string name, string written)
    {
        NbdUri uri = NbdUri.Parse(text);
        uri.Host.Should().Be(host);
        uri.Port.Should().Be(port);
        uri.ExportName.Should().Be(name);
        uri.Socket.Should().BeNull();
        uri.ToString().Should().Be(written);
        NbdUri.Parse(written).Should().Be(uri);
    }

    [TestCase("nbd+unix:///disk?socket=/tmp/a%20b", "/tmp/a b", "disk")]
    [TestCase("nbd+unix:///?socket=nbd.sock", "nbd.sock", "")]
    [TestCase("nbds+unix://?socket=%00abstract", "\0abstract", "")]
    public void Unix_sockets_are_a_parameter(string text, string socket, string name)
    {
        NbdUri uri = NbdUri.Parse(text);
        uri.Socket.Should().Be(socket);
        uri.ExportName.Should().Be(name);
        uri.Tls.Should().Be(text.StartsWith("nbds", StringComparison.Ordinal));
        NbdUri.Parse(uri.ToString()).Should().Be(uri);
    }

    [TestCase("ftp://example.com/disk", "starts with none of")]
    [TestCase("nbd:/disk", "starts with none of")]
    [TestCase("nbd:///disk", "the host is missing")]
    [TestCase("nbd://:10809/disk", "the host is missing")]
    [TestCase("nbd://h:0/", "'0' is not a port")]
    [TestCase("nbd://h:65536/", "'65536' is not a port")]
    [TestCase("nbd://h:-1/", "'-1' is not a port")]
    [TestCase("nbd://::1/", "IPv6 address stands in brackets")]
    [TestCase("nbd://user@h/", "pre-shared keys")]
    [TestCase("nbd://h/%", "two hexadecimal digits")]
    [TestCase("nbd://h/%4", "two hexadecimal digits")]
    [TestCase("nbd://h/%zz", "two hexadecimal digits")]
    [TestCase("nbd://h/%ff", "not UTF-8")]
    [TestCase("nbd://h/%00", "NUL")]
    [TestCase("nbd://h/a#b", "%23")]
    [TestCase("nbd://h/?socket=/tmp/s", "belongs to nbd+unix")]
    [TestCase("nbd://h/?color=red", "'color=red' is not understood")]
    [TestCase("nbds://h/?tls-type=psk", "psk is not supported")]
    [TestCase("nbd+unix:///x", "socket=PATH is missing")]
    [TestCase("nbd+unix://h/x?socket=s", "has no host")]
    public void What_is_wrong_is_said(string text, string why)
    {
        Action parse = () => NbdUri.Parse(text);
        parse.Should().Throw<FormatException>().WithMessage($"*{text}*{why}*");
    }
}
