//! Lists the SQL files of the repository, so that the program carries them and none is forgotten.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../migrations");
    let root = root.canonicalize().expect("the repository has a folder migrations");
    println!("cargo::rerun-if-changed={}", root.display());
    println!("cargo::rerun-if-changed={}", root.join("api").display());
    let mut listing = String::new();
    list(&mut listing, "VERSIONED", "The versioned migrations of schema `book`, in order.", &root);
    list(&mut listing, "API", "The files of schema `api`, by name.", &root.join("api"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("sql_files.rs");
    fs::write(out, listing).expect("the build folder is writable");
}

fn list(listing: &mut String, name: &str, remark: &str, folder: &Path) {
    let entries = fs::read_dir(folder).expect("the folder is readable");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    writeln!(listing, "/// {remark}\npub const {name}: &[(&str, &str)] = &[").expect("a string grows");
    for path in files {
        println!("cargo::rerun-if-changed={}", path.display());
        let file_name = path.file_name().expect("a file").to_string_lossy().into_owned();
        writeln!(listing, "    ({file_name:?}, include_str!({:?})),", path.display().to_string())
            .expect("a string grows");
    }
    listing.push_str("];\n");
}
