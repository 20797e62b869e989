using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The time of a display's scrolling.</summary>
internal static class Ssd1306Scroll
{
    public static void Follow(Ssd1306 display, ClockTimer? timer, long now)
    {
        if (timer is null || timer.IsArmed == display.IsScrolling)
            return;
        timer.Arm(display.IsScrolling ? now + display.ScrollInterval : long.MaxValue);
    }

    public static void Step(Ssd1306 display, ClockTimer timer, long now)
    {
        if (!display.IsScrolling)
            return;                             // it was reset meanwhile
        display.Scroll();
        timer.Arm(now + display.ScrollInterval);
    }
}
