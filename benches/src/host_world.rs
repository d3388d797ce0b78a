//! A million documents of a host's, 10,000 clients of very different size, and people who list them.
//! Rows as both databases take them, the same in every run.

use crate::draw::Draw;
use std::collections::HashMap;
use uuid::Uuid;

/// When everything is asked, in milliseconds.
pub const NOW: i64 = 1_790_000_000_000;
const MINUTE: i64 = 60_000;
/// The number of documents in a full world.
pub const DOCUMENTS: usize = 1_000_000;
const CLIENTS: usize = 10_000;
/// A project for every so many documents of a client.
const A_PROJECT: usize = 40;
/// The client whose newest documents are hidden, and how many of them.
const HIDING: usize = 1;
const HIDDEN: usize = 10_000;

/// The host's own table and its indexes, in the SQL of both databases.
pub const HOST_TABLE: &str = "CREATE TABLE documents (id BIGINT NOT NULL PRIMARY KEY, \
    client_id BIGINT NOT NULL, project_id BIGINT, title TEXT NOT NULL, created_at BIGINT NOT NULL);";
/// What the guide tells a host to have.
pub const HOST_INDEXES: &str = "\
    CREATE INDEX documents_client ON documents (client_id, created_at DESC, id DESC); \
    CREATE INDEX documents_project ON documents (project_id, created_at DESC, id DESC); \
    CREATE INDEX documents_order ON documents (created_at DESC, id DESC);";

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// NULL.
    Null,
    /// A number.
    Int(i64),
    /// An id.
    Id(Uuid),
    /// Text.
    Text(String),
}

/// A table with the columns that are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns, with commas between.
    pub columns: &'static str,
}

const CLIENT: Table = Table {
    name: "portcullis_client",
    columns: "id, key_int, name, sort_key, light, closed, created_at",
};
const CONTAINER: Table = Table {
    name: "portcullis_container",
    columns: "id, kind, key_int, client_id, name, sort_key, exposure, default_exposure, lifecycle, closed, created_at, open",
};
const ITEM: Table = Table {
    name: "portcullis_item",
    columns: "id, kind, key_int, container_id, client_id, path, exposure, default_exposure, older, lifecycle, created_at, sort, open",
};
const DOCUMENT: Table = Table {
    name: "documents",
    columns: "id, client_id, project_id, title, created_at",
};
const USER: Table = Table {
    name: "portcullis_user",
    columns: "id, kind, name, every_client, reach, rights, removed, created_at",
};
const AFFILIATION: Table = Table {
    name: "portcullis_affiliation",
    columns: "user_id, client_id, rights, paused",
};
const MEMBERSHIP: Table = Table {
    name: "portcullis_membership",
    columns: "user_id, container_id, source, approver, since",
};
const PORTAL: Table = Table {
    name: "portcullis_portal",
    columns: "id, active, first_activated_at, licensed",
};

/// Every table, in the order they must be written in.
pub const TABLES: [Table; 8] = [
    PORTAL,
    CLIENT,
    CONTAINER,
    ITEM,
    DOCUMENT,
    USER,
    AFFILIATION,
    MEMBERSHIP,
];

/// Somebody who lists the host's table.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// What is measured with them.
    pub case: &'static str,
    /// Which queries by hand are for them.
    pub group: &'static str,
    /// Their id.
    pub user: Uuid,
    /// The host's key of their client, of those who have one.
    pub client: i64,
}

/// The whole world.
#[derive(Debug)]
pub struct HostWorld {
    /// The rows of each table.
    pub rows: HashMap<Table, Vec<Vec<Cell>>>,
    /// Who lists.
    pub people: Vec<Person>,
    draw: Draw,
}

fn number(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn id(noun: u64, n: usize) -> Uuid {
    Uuid::from_u64_pair(noun << 32, u64::try_from(n).unwrap_or(0))
}

/// The id of our client with this key of the host's.
pub fn client_id(key: i64) -> Uuid {
    id(1, usize::try_from(key).unwrap_or(0))
}

impl HostWorld {
    /// A world of so many documents.
    pub fn new(documents: usize) -> Self {
        let mut world = Self {
            rows: HashMap::new(),
            people: Vec::new(),
            draw: Draw::seeded(17),
        };
        world.put(PORTAL, [1, 1, NOW, 63].map(Cell::Int).to_vec());
        let projects = world.documents(documents);
        world.everybody(&projects);
        world
    }

    fn put(&mut self, table: Table, row: Vec<Cell>) {
        self.rows.entry(table).or_default().push(row);
    }

    /// The documents with their containers and items; the projects of each client.
    fn documents(&mut self, documents: usize) -> Vec<Vec<usize>> {
        let owners: Vec<usize> = (0..documents).map(|_| self.owner()).collect();
        let mut sizes = vec![0_usize; CLIENTS];
        for owner in &owners {
            sizes[*owner] += 1;
        }
        let mut projects = Vec::new();
        let mut next = 0;
        for (client, size) in sizes.iter().enumerate() {
            self.client(client);
            let few = 1 + size / A_PROJECT;
            projects.push((next..next + few).collect::<Vec<_>>());
            for project in next..next + few {
                self.project(client, project);
            }
            next += few;
        }
        let newest_hidden = sizes[HIDING].saturating_sub(HIDDEN.min(sizes[HIDING] * 4 / 5));
        let mut seen = 0;
        for (n, owner) in owners.into_iter().enumerate() {
            let mut open = self.draw.percent(70);
            if owner == HIDING {
                seen += 1;
                open &= seen <= newest_hidden;
            }
            let at = NOW - number(documents - n) * MINUTE;
            let old = 2 * n < documents;
            self.document(n, owner, &projects[owner], old, open, at);
        }
        projects
    }

    /// Clients with small numbers own the most: the first 4.6 of a hundred, the median some fifty
    /// of a million.
    fn owner(&mut self) -> usize {
        let part = self.draw.below(1_000_000);
        // The cube of a part of a million, of all clients.
        part * part / 1_000_000 * part / 1_000_000 * CLIENTS / 1_000_000
    }

    fn client(&mut self, n: usize) {
        let name = Cell::Text(format!("client {n}"));
        let int = Cell::Int;
        let client = Cell::Id(id(1, n));
        let row = vec![
            client.clone(),
            int(number(n)),
            name.clone(),
            name.clone(),
            int(0),
            int(0),
            int(0),
        ];
        self.put(CLIENT, row);
        let mut root = vec![
            Cell::Id(id(3, n)),
            int(0),
            Cell::Null,
            client,
            name.clone(),
            name,
        ];
        root.extend([1, 0, 0, 0, 0, 1].map(int));
        self.put(CONTAINER, root);
    }

    /// One in twenty is hidden; one in ten has its documents closed (of kind 4), another its
    /// invoices (of kind 1).
    fn project(&mut self, client: usize, n: usize) {
        let open = i64::from(!self.draw.percent(5));
        let closed = match self.draw.below(20) {
            0 => 1 << 4,
            1 | 2 => 1 << 1,
            _ => 0,
        };
        let name = Cell::Text(format!("project {n}"));
        let mut row = vec![
            Cell::Id(id(2, n)),
            Cell::Int(1),
            Cell::Int(number(n)),
            Cell::Id(id(1, client)),
            name.clone(),
            name,
        ];
        row.extend([2 - open, 0, 0, closed, 0, open].map(Cell::Int));
        self.put(CONTAINER, row);
    }

    /// One in seven lies in no project, one in fifty is unknown to us. The old half of a client's
    /// documents lies in the first half of its projects.
    fn document(
        &mut self,
        n: usize,
        owner: usize,
        projects: &[usize],
        old: bool,
        open: bool,
        at: i64,
    ) {
        let (first, second) = projects.split_at(projects.len() / 2);
        let half = if old && !first.is_empty() {
            first
        } else {
            second
        };
        let project = (!self.draw.percent(14)).then(|| self.draw.one_of(half));
        let int = Cell::Int;
        let row = vec![
            int(number(n)),
            int(number(owner)),
            project.map_or(Cell::Null, |project| int(number(project))),
            Cell::Text(format!("Document {n}")),
            int(at),
        ];
        self.put(DOCUMENT, row);
        if n % 50 == 49 {
            return;
        }
        let container = project.map_or(id(3, owner), |project| id(2, project));
        let time = u64::try_from(at).unwrap_or(0) << 16;
        let mut row = vec![
            Cell::Id(Uuid::from_u64_pair(time, self.draw.number())),
            int(4),
            int(number(n)),
            Cell::Id(container),
            Cell::Id(id(1, owner)),
        ];
        row.extend([1 << 4, 1, 0, 0, 0, at, at, i64::from(open)].map(int));
        self.put(ITEM, row);
    }

    fn everybody(&mut self, projects: &[Vec<usize>]) {
        let all = |clients: std::ops::Range<usize>| clients.collect::<Vec<_>>();
        let of_largest = &projects[0];
        let (old, new) = of_largest.split_at(of_largest.len() / 2);
        let spread = |many: usize| {
            let step = (of_largest.len() / many).max(1);
            of_largest
                .iter()
                .copied()
                .step_by(step)
                .take(many)
                .collect::<Vec<_>>()
        };
        let median = self.median();
        self.person("client user, median", "client", &[median], 63, &[]);
        self.person("client user, largest", "client", &[0], 63, &[]);
        self.person("client user, 10,000 hidden", "client", &[HIDING], 63, &[]);
        let three: Vec<_> = new.iter().copied().skip(7).take(3).collect();
        self.person("member of 3", "member", &[0], 0, &three);
        self.person(
            "member of 3, old",
            "member",
            &[0],
            0,
            &old[..3.min(old.len())],
        );
        self.person("member of 600", "member", &[0], 0, &spread(600));
        self.person("member of 600, old", "member", &[0], 0, old);
        let some = self.clients(300);
        self.person("staff of 50, largest", "staff", &all(0..50), 63, &[]);
        self.person("staff of 300", "staff", &some, 63, &[]);
        self.person("staff of 300, small", "staff", &all(9_700..10_000), 63, &[]);
        let many = self.clients(3_000);
        self.person("staff of 3,000", "staff", &many, 63, &[]);
        self.person("staff of every client", "all", &[], 63, &[]);
    }

    /// A client with the median number of documents.
    fn median(&self) -> usize {
        let mut sizes = vec![(0_usize, 0_usize); CLIENTS];
        for (client, size) in sizes.iter_mut().enumerate() {
            *size = (0, client);
        }
        for row in self.rows.get(&DOCUMENT).into_iter().flatten() {
            if let Some(Cell::Int(owner)) = row.get(1) {
                sizes[usize::try_from(*owner).unwrap_or(0)].0 += 1;
            }
        }
        sizes.sort_unstable();
        sizes[CLIENTS / 2].1
    }

    fn clients(&mut self, many: usize) -> Vec<usize> {
        let mut clients: Vec<_> = (0..CLIENTS).collect();
        for place in 0..many {
            let other = place + self.draw.below(CLIENTS - place);
            clients.swap(place, other);
        }
        clients.truncate(many);
        clients
    }

    fn person(
        &mut self,
        case: &'static str,
        group: &'static str,
        clients: &[usize],
        reach: i64,
        projects: &[usize],
    ) {
        let int = Cell::Int;
        let user = id(4, self.people.len());
        let staff = matches!(group, "staff" | "all");
        let row = vec![
            Cell::Id(user),
            int(i64::from(!staff)),
            Cell::Text(case.to_owned()),
            int(i64::from(group == "all")),
            int(reach),
            Cell::Text("documents.view".to_owned()),
            int(0),
            int(0),
        ];
        self.put(USER, row);
        for client in clients {
            let client = Cell::Id(id(1, *client));
            let row = vec![Cell::Id(user), client, Cell::Text(String::new()), int(0)];
            self.put(AFFILIATION, row);
        }
        for project in projects {
            let project = Cell::Id(id(2, *project));
            self.put(
                MEMBERSHIP,
                vec![Cell::Id(user), project, int(0), int(0), int(0)],
            );
        }
        let client = clients.first().copied().map_or(0, number);
        self.people.push(Person {
            case,
            group,
            user,
            client,
        });
    }
}
