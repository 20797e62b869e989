namespace Emulation.Storage;

/// <summary>Opens, creates and deletes the files of an image that has several; tests put others in the place of the host's.</summary>
internal interface IImageFiles
{
    /// <summary>Opens a regular file that exists and is not empty.</summary>
    IBlockDevice Open(string path, bool readOnly);

    /// <summary>Creates an empty file that must not exist.</summary>
    IBlockDevice Create(string path);

    /// <summary>Deletes a file, if it is there.</summary>
    void Delete(string path);
}
