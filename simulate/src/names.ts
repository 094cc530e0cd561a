import type { Random } from './random.js';

/**
 * Given and family names of many origins, drawn independently of each other, of the place and of everything else:
 * in this company a name says nothing.
 */
const given = `
Ada Adam Aisha Alejandro Alice Amara Amina Ana Andre Anika Anton Aoife Arjun Asha Astrid Ayumi Beatriz Ben Bianca Bilal Bjorn
Camila Carla Carlos Chen Chidi Chloe Clara Daan Dana Daniel Daria Deepa Diego Dimitri Dina Dmitri Ebba Eduardo Efua Elena Eli
Elif Emeka Emil Emma Esra Eva Farah Fatima Felix Fiona Florian Francesca Freya Gabriel Georgia Giulia Grace Greta Hana Hannah
Haruto Hassan Helen Henrik Hugo Ibrahim Ida Imani Ines Ingrid Irina Isaac Isabel Ivan Jakub Jamal James Jana Javier Jin Joana
Johan John Jonas Jose Joy Julia Jun Kai Kamal Karin Kate Katya Kemal Kenji Khadija Kofi Kwame Lars Laura Layla Lea Leila Leo
Li Liam Lin Linh Lucas Lucia Luis Maja Malik Manuel Marco Maria Mark Marta Mateo Maya Mehmet Mei Michael Miguel Mila Min Mina
Mohammed Mona Nadia Naoko Naomi Natalia Neha Nia Nikhil Nina Noah Nora Nuno Olga Olivia Omar Oscar Pablo Paul Pedro Peter Petra
Pia Priya Rafael Rahul Raj Rania Ravi Rebecca Rina Robert Rosa Ruth Ryo Sam Samira Sandra Sanjay Sara Sean Sergei Sofia Soo-jin
Stefan Sunita Susan Takumi Tara Tariq Tatiana Thandi Theo Thomas Tomas Tuan Uma Valentina Vera Victor Vikram Wei William Xin Yara
Yasmin Yuki Yusuf Zara Zoe Zofia`
  .trim()
  .split(/\s+/);

const family = `
Abbas Abdullah Abe Achebe Adams Adeyemi Agarwal Ahmed Akhtar Ali Almeida Alvarez Andersen Anderson Aoki Arora Baker Bakker Banerjee
Barbosa Bauer Becker Begum Bennett Berg Bianchi Blanc Bondar Bose Brown Burns Cabrera Campbell Carter Castillo Chan Chang Chavez Chen
Cho Chowdhury Clark Cohen Collins Conti Cooper Costa Cruz Dahl Das Davies Davis Delgado Desai Diaz Dlamini Dubois Duran Edwards Ekström
Endo Eriksen Espinoza Evans Farouk Fernandes Fischer Flores Foster Fujita Garcia Gill Gomez Goncalves Gonzalez Gray Green Guerrero
Gupta Haddad Hall Hansen Harris Hassan Hayashi Hernandez Hoang Hoffman Holm Horvat Hossain Huang Hughes Hussain Ibarra Ibrahim Ito
Ivanov Iyer Jackson Jain Jansen Jensen Jimenez Johansson Johnson Jones Joshi Jung Kahn Kang Kapoor Kato Kaur Kaya Keller Kelly Khan
Khumalo Kim King Klein Kobayashi Koch Kovac Kowalski Kozlov Kruger Kumar Kurt Kwon Laine Larsen Lee Lehmann Levy Lewis Li Lim Lin
Lindberg Liu Lopez Lund Ma Maier Malik Mancini Marin Martin Martinez Matsumoto Mbeki Medina Mehta Mendes Meyer Miller Mitchell Mokoena
Molina Moore Morales Moreau Moretti Morgan Morris Mueller Murphy Musa Mwangi Nair Nakamura Nel Nelson Nguyen Nielsen Njoroge Novak
Nowak Obi Oduya Okafor Oliveira Olsen Omar Ortega Osei Otieno Ozturk Pak Palmer Park Parker Patel Pereira Perez Persson Petrov Pham
Phillips Popescu Qureshi Rahman Ramirez Ramos Rao Reddy Reid Reyes Ricci Rivera Roberts Robinson Rodriguez Rojas Romero Rossi Roy Ruiz
Russo Saito Salazar Sanchez Santos Sasaki Sato Schmidt Schneider Schulz Sharma Shevchenko Silva Singh Smith Soto Sousa Suzuki
Takahashi Tan Tanaka Taylor Thompson Torres Tran Turner Usman Vargas Vasquez Virtanen Vogel Volkov Wagner Walker Wang Watson Weber
White Williams Wilson Wong Wood Wright Wu Yadav Yamamoto Yang Yilmaz Young Yusuf Zhang Zhao Zhou Zimmermann`
  .trim()
  .split(/\s+/);

export interface Name {
  given: string;
  family: string;
}

export function drawName(random: Random): Name {
  return { given: random.pick(given), family: random.pick(family) };
}

/** Lower-case ASCII letters only, for logins and addresses. */
export function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}

/** Short forms people go by, for records of one person under two spellings. */
export const shortForms: Record<string, string> = {
  Alejandro: 'Alex',
  Benjamin: 'Ben',
  Daniel: 'Dan',
  Eduardo: 'Edu',
  Francesca: 'Fran',
  Gabriel: 'Gabe',
  Isabel: 'Isa',
  James: 'Jim',
  John: 'Johnny',
  Mohammed: 'Mo',
  Michael: 'Mike',
  Natalia: 'Nat',
  Rafael: 'Rafa',
  Rebecca: 'Becky',
  Robert: 'Rob',
  Samira: 'Sam',
  Susan: 'Sue',
  Tatiana: 'Tanya',
  Thomas: 'Tom',
  Valentina: 'Val',
  Victor: 'Vic',
  William: 'Will',
  Yusuf: 'Yusef',
};

/** Words that handles and mailbox names are made of. */
export const handleWords = `
amber anchor atlas basil beacon birch bluejay bright byte cactus canyon cedar cobalt code comet coral cosmic crisp delta dev drift
ember fern field fox gamma granite harbor hazel helix indigo ivory jade juniper kernel lagoon lattice lemon linen lotus lunar maple
meadow mint mocha nimbus north nova oak onyx orbit otter pebble pine pixel plum prairie prism quartz quill rain raven reef ridge
river rocket saffron sage sierra signal silver sky slate solar sparrow spruce stack storm summit tango tide topaz trail tulip vector
velvet violet walnut willow winter wolf zen zephyr`
  .trim()
  .split(/\s+/);
